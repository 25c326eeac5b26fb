"""The fixed words of the content model. Each is translated on the page; any other text is a mistake with a suggestion."""

from typing import Literal

Side = Literal["buyer", "seller", "partner"]
PlanState = Literal["selling", "onboarding", "won", "lost", "paused"]
Size = Literal["enterprise", "light"]
Access = Literal["link", "passphrase"]
Act = Literal["check", "comment", "propose", "upload", "approve", "agree", "sign"]
Gate = Literal["security", "legal", "procurement", "budget", "executive", "signature"]
# fmt: off
RuleCode = Literal[
    "R1", "R2", "R3", "R4", "R5", "R6", "R7", "R8", "R9", "R10", "R11", "R12", "R13", "R14", "R15",
    "R16", "R17", "R18", "R19", "R20", "R21", "R22", "R23", "R24", "R25", "R26", "R27", "R28", "R29", "R30",
]
# fmt: on
"""The rules of a good plan: `planmark.plan.rules` says what each means."""
Answered = Literal[Gate, RuleCode]
"""What a plan may answer with `not_needed`: a gate that the deal doesn't have, or a rule that doesn't fit it."""
StageKind = Literal["discovery", "proof_of_value", "business_case", "procurement_legal", "signature", "onboarding"]
Status = Literal["todo", "doing", "done", "blocked", "dropped"]
Level = Literal["high", "normal", "low"]
Likelihood = Literal["high", "medium", "low"]
TaskRisk = Literal["on_track", "at_risk", "off_track"]
RiskStatus = Literal["open", "watching", "closed"]
Stance = Literal["supporter", "neutral", "sceptic", "blocker"]
ResourceKind = Literal[
    "video",
    "recording",
    "deck",
    "image",
    "document",
    "sheet",
    "case_study",
    "review",
    "tour",
    "training",
    "security",
    "price_quote",
    "form",
    "meeting",
    "link",
    "widget",
]
AllocationType = Literal["human", "technical", "financial", "material"]
Weekday = Literal["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
Rhythm = Literal["week", "2 weeks", "month"]
Mode = Literal["video", "call", "in person", "mail"]
Period = Literal["once", "month", "year"]
Contact = Literal["email", "phone", "video", "message", "in person"]
SectionName = Literal[
    "where_we_are",
    "next_steps",
    "changes",
    "summary",
    "plan",
    "timeline",
    "success_criteria",
    "key_dates",
    "constraints",
    "risks",
    "people",
    "responsibilities",
    "allocation",
    "pricing",
    "resources",
    "review",
    "meeting_notes",
    "feedback",
    "faq",
    "sign_off",
]
"""The sections of a page, in the order of a plan of one page."""
