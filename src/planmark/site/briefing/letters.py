"""The mails of a plan: its state for one reader or for all, and reminders. The words are those of the theme's `mail/` templates."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from jinja2 import Environment

from planmark.site import view
from planmark.site.briefing.draft import Letter
from planmark.site.briefing.plain import plain
from planmark.site.briefing.points import Points, tasks_of
from planmark.site.environment import day
from planmark.site.language import Language
from planmark.site.render import render
from planmark.site.sheets import palettes
from planmark.site.theme import Theme


@dataclass(frozen=True, slots=True)
class Link:
    """Where a mail leads; `personal` says that it is the reader's own."""

    address: str
    personal: bool = False


class Letters:
    """The mails of one plan on one day, in its language and its brand's colours."""

    def __init__(self, plan: view.BuyerView, today: dt.date, theme: Theme, env: Environment, accent: str | None = None) -> None:
        self.plan, self.today, self.theme, self.env = plan, today, theme, env
        self.language: Language = env.globals["language"]  # type: ignore[assignment]  # it is put there by `environment`
        self.light, self.dark = palettes(theme, accent, None)

    def update(self, said: Points, reader: view.Person | None, link: Link | None) -> Letter:
        """Where the plan stands: for one reader, whose own tasks come first, or for everybody."""
        yours = tasks_of(self.plan, reader.id) if reader else ()
        subject = self.language.gettext("%(title)s: where we are on %(day)s") % {"title": self.plan.title, "day": self._day(self.today)}
        return self._letter("mail/update.html", subject, link, {"said": said, "reader": reader, "yours": yours, "since": said.since})

    def reminder(self, reader: view.Person, tasks: tuple[view.Task, ...], until: dt.date, link: Link | None) -> Letter:
        """The tasks of one reader that are due by a day, or late."""
        subject = self.language.ngettext("%(title)s: %(num)s task is due", "%(title)s: %(num)s tasks are due", len(tasks))
        subject %= {"title": self.plan.title, "num": len(tasks)}
        return self._letter("mail/reminder.html", subject, link, {"reader": reader, "yours": tasks, "until": until})

    def _letter(self, name: str, subject: str, link: Link | None, context: Mapping[str, object]) -> Letter:
        every = {
            "plan": self.plan,
            "today": self.today,
            "subject": subject,
            "light": self.light,
            "dark": self.dark,
            "link": link.address if link else "",
            "personal": bool(link and link.personal),
            **context,
        }
        html = render(self.env, self.theme, name, every)
        return Letter(subject, html, plain(html))

    def _day(self, value: dt.date) -> str:
        return day(value, self.language.locale).striptags()
