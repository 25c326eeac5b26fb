"""Every kind that ships with its likeness, and how both are asked for the same things."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from tests.endpoints.fakes.anything import Anything
from tests.endpoints.fakes.apps_script import AppsScript
from tests.endpoints.fakes.basin import Basin
from tests.endpoints.fakes.formspark import Formspark
from tests.endpoints.fakes.formspree import Formspree
from tests.endpoints.fakes.netlify import Netlify
from tests.endpoints.fakes.receiver import OwnReceiver
from tests.endpoints.fakes.serving import Fake
from tests.endpoints.fakes.web3forms import Web3Forms
from tests.endpoints.sending import skeleton

from planmark.endpoints.credentials import REGISTER_TOKEN
from planmark.endpoints.fetching import fetch
from planmark.endpoints.kinds import KINDS
from planmark.extensions import Answer, Endpoint, Form, Record, Request, Secret

LIKENESSES: dict[str, Callable[[], Fake]] = {
    "planmark": OwnReceiver,
    "formspree": Formspree,
    "netlify": Netlify,
    "basin": Basin,
    "web3forms": Web3Forms,
    "formspark": Formspark,
    "apps-script": AppsScript,
    "generic": Anything,
}
WITH_API = [kind for kind in LIKENESSES if kind != "generic"]
PLAN = "0123456789abcdef0123456789abcdef"


@dataclass
class Tried:
    """An endpoint beside its likeness. `slept` are the pauses that it was told to make."""

    fake: Fake
    slept: list[float] = field(default_factory=list)

    @property
    def settings(self) -> dict[str, str]:
        """Its block in planmark.yaml."""
        return self.fake.settings()

    @property
    def endpoint(self) -> Endpoint:
        """The adapter."""
        return KINDS[self.settings["kind"]]

    @property
    def form(self) -> Form:
        """How forms reach it; a service that looks for them in pages has found it."""
        form = self.endpoint.form(self.settings, PLAN)
        if form.register and isinstance(self.fake, Netlify) and not self.fake.forms:
            self.fake.deploy({"/index.html": skeleton(form)})
        return form

    @property
    def site(self) -> str:
        """Where the plan's own site is, for forms that stay on it."""
        return self.fake.url

    def secret(self, name: str) -> str:
        """The team's keys."""
        return self.fake.token if name != REGISTER_TOKEN else getattr(self.fake, "register_token", "")

    def fetch(self, request: Request) -> bytes:
        """The real client, which does not sleep."""
        return fetch(request, sleep=self.slept.append, timeout=10)

    def read(self, cursor: str = "", secret: Secret | None = None) -> list[Answer]:
        """All answers since a cursor."""
        return list(self.endpoint.read(self.settings, secret or self.secret, self.fetch, cursor))

    def records(self, cursor: str = "") -> list[Record]:
        """All records in them."""
        return [record for answer in self.read(cursor) for record in answer.records]
