"""The buyer's view: all that a theme, the data file and the PDF ever receive of a plan.

These types have no internal fields, so a theme cannot leak what it never gets. Every date is a day, every text plain or safe HTML
(`Html`), every file a path in the site, every reference a name beside an id. Words such as `economic_buyer` stay the model's own;
`words.py` says them in the reader's language.
"""

from planmark.site.view.acts import By, Guest, Said, Signature
from planmark.site.view.changes import Change, Changes, TargetMove
from planmark.site.view.health import Health, HealthReason
from planmark.site.view.html import Html
from planmark.site.view.people import Logo, Organisation, Owner, Person, Picture, Quote
from planmark.site.view.plan import BuyerView, Page, Section
from planmark.site.view.terms import (
    Allocation,
    Constraint,
    Criterion,
    Feedback,
    Freeze,
    KeyDate,
    Note,
    NotNeeded,
    Option,
    PriceLine,
    PriceTotal,
    Pricing,
    Question,
    Responsibility,
    Review,
    Risk,
    SignOff,
)
from planmark.site.view.work import Embed, ExitCriterion, Meeting, Resource, Stage, Step, Task, TaskLink

__all__ = [
    "Allocation",
    "BuyerView",
    "By",
    "Change",
    "Changes",
    "Constraint",
    "Criterion",
    "Embed",
    "ExitCriterion",
    "Feedback",
    "Freeze",
    "Guest",
    "Health",
    "HealthReason",
    "Html",
    "KeyDate",
    "Logo",
    "Meeting",
    "NotNeeded",
    "Note",
    "Option",
    "Organisation",
    "Owner",
    "Page",
    "Person",
    "Picture",
    "PriceLine",
    "PriceTotal",
    "Pricing",
    "Question",
    "Quote",
    "Resource",
    "Responsibility",
    "Review",
    "Risk",
    "Said",
    "Section",
    "SignOff",
    "Signature",
    "Stage",
    "Step",
    "TargetMove",
    "Task",
    "TaskLink",
]
