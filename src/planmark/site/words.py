"""The interface's own words, in English: what the model's fixed words are called on the page. Catalogues have them in other languages."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from planmark.site.language import Language

WORDS: dict[str, str] = {
    # who
    "buyer": "Buyer",
    "seller": "Seller",
    "partner": "Partner",
    "executive_sponsor": "Executive sponsor",
    "economic_buyer": "Budget holder",
    "signatory": "Signatory",
    "champion": "Project champion",
    "technical_buyer": "Technical lead",
    "user": "User",
    "decision_maker": "Decision maker",
    "procurement": "Procurement",
    "legal": "Legal",
    "security": "Security",
    "project_lead": "Project lead",
    "it": "IT",
    "finance": "Finance",
    "coach": "Adviser",
    "account_executive": "Account executive",
    "solutions_engineer": "Solutions engineer",
    "customer_success": "Customer success",
    "implementation_lead": "Implementation lead",
    "counsel": "Counsel",
    # states
    "todo": "To do",
    "doing": "In progress",
    "done": "Done",
    "blocked": "Blocked",
    "dropped": "Dropped",
    "late": "Late",
    "on_track": "On track",
    "at_risk": "At risk",
    "off_track": "Off track",
    "stalled": "Stalled",
    "open": "Open",
    "watching": "Watching",
    "closed": "Closed",
    "high": "High",
    "medium": "Medium",
    "low": "Low",
    "normal": "Normal",
    "current": "Under way",
    "later": "Later",
    "selling": "In evaluation",
    "onboarding": "Onboarding",
    "won": "Agreed",
    "lost": "Closed",
    "paused": "Paused",
    # gates and stages
    "budget": "Budget",
    "executive": "Executive approval",
    "signature": "Signature",
    "discovery": "Discovery",
    "proof_of_value": "Proof of value",
    "business_case": "Business case",
    "procurement_legal": "Procurement and legal",
    # dates
    "target": "Target date",
    "contract_signature": "Contract signature",
    "event": "Date",
    "constraint": "Constraint",
    "freeze": "No work",
    # resources
    "video": "Video",
    "recording": "Recording",
    "deck": "Deck",
    "image": "Image",
    "document": "Document",
    "sheet": "Spreadsheet",
    "case_study": "Case study",
    "review": "Review",
    "tour": "Tour",
    "training": "Training",
    "price_quote": "Quote",
    "form": "Form",
    "meeting": "Meeting",
    "link": "Link",
    "widget": "Interactive",
    "board": "Board",
    # how we meet
    "week": "Every week",
    "2 weeks": "Every two weeks",
    "month": "Every month",
    "year": "Every year",
    "once": "One-off",
    "call": "Telephone",
    "in person": "In person",
    "mail": "By mail",
    "email": "Mail",
    "phone": "Telephone",
    "message": "Message",
    # who brings what
    "human": "People",
    "technical": "Technical",
    "financial": "Financial",
    "material": "Material",
    # what the buyer can do
    "check": "check off",
    "comment": "comment",
    "propose": "propose a change",
    "upload": "upload a file",
    "approve": "approve",
    "agree": "agree",
    "sign": "sign",
}


WITHIN: dict[str, str] = {
    "high": "high",
    "medium": "medium",
    "low": "low",
    "done": "done",
    "once": "one-off",
    "month": "every month",
    "year": "every year",
    "email": "mail",
    "phone": "telephone",
    "video": "video",
    "message": "message",
    "in person": "in person",
}
"""The same words in the middle of a line. No filter can lower them: German nouns keep their capital."""

CONTEXTS: dict[str, str] = {"won": "plan", "lost": "plan", "open": "risk", "closed": "risk", "event": "key date"}
"""Words that mean one thing here and another elsewhere on the page (`Open` is a button, too), with what they are said of."""

AGREEING: dict[str, tuple[str, ...]] = {"probability": ("high", "medium", "low"), "priority": ("high", "low")}
"""Things with which a word agrees in gender, and the words; else it stands beside something masculine."""

COMMAS = {"ar": "، ", "ja": "、"}
"""What stands between the items of a list, where it is not a comma and a space."""

SEMICOLONS = {"ar": "؛ ", "ja": "／"}
"""The same for items that may hold commas themselves."""


def messages() -> list[tuple[str, str]]:
    """All that catalogues hold of these words: context and English text."""
    found = [(CONTEXTS.get(word, ""), text) for word, text in (*WORDS.items(), *WITHIN.items())]
    found += [(thing, texts[word]) for thing, words in AGREEING.items() for word in words for texts in (WORDS, WITHIN)]
    return list(dict.fromkeys(found))


def say(word: str, thing: str = "", *, language: Language) -> str:
    """A fixed word as readers know it; any other text as it stands. `thing` is what it is said of, one of AGREEING."""
    return _said(WORDS, word, thing, language)


def within(word: str, thing: str = "", *, language: Language) -> str:
    """A fixed word as it stands in the middle of a line; where there is no such form, its ordinary one."""
    return _said(WITHIN if word in WITHIN else WORDS, word, thing, language)


def _said(words: dict[str, str], word: str, thing: str, language: Language) -> str:
    if word not in words:
        return word
    context = thing if word in AGREEING.get(thing, ()) else CONTEXTS.get(word)
    return language.pgettext(context, words[word]) if context else language.gettext(words[word])
