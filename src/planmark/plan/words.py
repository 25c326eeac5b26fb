"""The fixed words of the content model. Each is translated on the page; any other text is a mistake with a suggestion."""

from typing import Literal

Side = Literal["buyer", "seller", "partner"]
PlanState = Literal["selling", "onboarding", "won", "lost", "paused"]
Size = Literal["enterprise", "light"]
Access = Literal["link", "passphrase"]
Act = Literal["check", "comment", "propose", "upload", "approve", "agree", "sign"]
Gate = Literal["security", "legal", "procurement", "budget", "executive", "signature"]
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
Role = Literal[
    "executive_sponsor",
    "economic_buyer",
    "signatory",
    "champion",
    "technical_buyer",
    "user",
    "decision_maker",
    "procurement",
    "legal",
    "security",
    "project_lead",
    "it",
    "finance",
    "coach",
    "account_executive",
    "solutions_engineer",
    "customer_success",
    "implementation_lead",
    "partner",
    "counsel",
]
"""Roles with a translation of their own; any other text is shown as it stands."""
SectionName = Literal[
    "where_we_are",
    "next_steps",
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
