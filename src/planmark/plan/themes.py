"""What a team writes about a theme: `theme.yaml`."""

from __future__ import annotations

import re

from pydantic import Field, field_validator

from planmark.plan.item import Many, Part
from planmark.plan.scalars import Colour, Id, Text, YesNo
from planmark.plan.scalars.written import shown, wrong

TOKENS: dict[str, str] = {
    "font-body": "the font of running text",
    "font-head": "the font of headings; left out: `font-body`",
    "paper-font": 'the font of the PDF: `"Planmark Sans"` and `"Planmark Serif"` ship',
    "paper-head": "the font of the PDF's headings; left out: `paper-font`",
    "text": "body text",
    "text-small": "small text",
    "text-h3": "small headings",
    "text-lead": "the objective, quotes, the first step",
    "text-h2": "headings of sections",
    "text-title": "the title",
    "head-weight": "the weight of headings",
    "head-tracking": "letter spacing of the title",
    "page": "the widest the contents get",
    "measure": "the widest prose gets",
    "gutter": "space at both edges",
    "section": "space above and below a section's hairline",
    "radius": "corners",
    "bar": "the coloured bar at the top",
}
"""The sizes and fonts that every theme has, each a CSS custom property: what a theme may set under `tokens`, and what it does."""
PLACEHOLDER = re.compile(r"%\((\w+)\)s|%%|%")
"""What gettext fills in, and a `%` that means itself."""


class Colours(Part):
    """The colours of a theme on one paper."""

    paper: Colour | None = None
    """The page."""
    panel: Colour | None = None
    """A barely tinted surface."""
    line: Colour | None = None
    """Hairlines."""
    ink: Colour | None = None
    """Text."""
    muted: Colour | None = None
    """Quiet text, still legible."""
    accent: Colour | None = None
    """The one colour that leads; a brand's own takes its place."""
    second: Colour | None = None
    """A second colour, used sparingly."""
    warning: Colour | None = None
    """Late and at risk."""
    danger: Colour | None = None
    """Blocked and off track."""


class LogoCare(Part):
    """How the logos in the masthead are treated."""

    height: Text | None = None
    """The tallest a logo gets: 56px."""
    width: Text | None = None
    """The widest a logo gets: 9.75rem."""
    between: YesNo | None = None
    """Whether the × stands between the two."""

    @property
    def tokens(self) -> dict[str, str]:
        """The same as custom properties."""
        found = {"logo-height": self.height, "logo-width": self.width}
        if self.between is not None:
            found["logo-between"] = "inline" if self.between else "none"
        return {name: value for name, value in found.items() if value}


class ThemeFile(Part):
    """`theme.yaml`."""

    name: Text | None = None
    """What people call it."""
    extends: Id | None = None
    """The theme that this one is laid over; left out: `default`."""
    light: Colours = Colours.model_construct()
    """Colours on light paper."""
    dark: Colours = Colours.model_construct()
    """Colours on dark paper."""
    tokens: dict[str, Text] = Field(default_factory=dict)
    """CSS custom properties by name, without the dashes: `radius: 6px`, `font-body: …`; also new ones of the theme's own."""
    logo: LogoCare = LogoCare.model_construct()
    """How the logos in the masthead are treated."""
    voice: dict[str, dict[str, Text]] = Field(default_factory=dict)
    """The theme's own words in place of the interface's, by language: `en: {Your next steps: What we need from you}`."""
    styles: Many[Text] = ()
    """The theme's own style sheets in `assets/`, in order; they follow those of the theme below. Nothing is drawn before they are there."""
    later: Many[Text] = ()
    """Style sheets of everything below the masthead and the bar, likewise: they hold up only that."""
    print: Many[Text] = ()
    """Style sheets for printing from the browser, likewise."""
    paper: Many[Text] = ()
    """Style sheets of the PDF, likewise."""

    @field_validator("tokens")
    @classmethod
    def _are_values(cls, tokens: dict[str, str]) -> dict[str, str]:
        for name, value in tokens.items():
            if not re.fullmatch(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*", name):
                raise wrong("PM214", f"`{shown(name)}` cannot be a token's name", "use lower-case letters, digits and `-`: `head-weight`")
            if re.search(r"[;{}]|/\*|</", value):
                raise wrong("PM221", f"the token `{name}` holds more than one value: `{shown(value)}`", "rules belong into a style sheet")
        return tokens

    @field_validator("voice")
    @classmethod
    def _keep_places(cls, voice: dict[str, dict[str, str]]) -> dict[str, dict[str, str]]:
        for words in voice.values():
            for message, text in words.items():
                if "<" in text or ">" in text:
                    raise wrong(
                        "PM221", f"`{shown(text)}` looks like HTML", "a voice is plain text; what it looks like is the style sheet's"
                    )
                places = {match[1] for match in PLACEHOLDER.finditer(message) if match[1]}
                for match in PLACEHOLDER.finditer(text):
                    if match[0] == "%":
                        raise wrong(
                            "PM221", f"a lone % in `{shown(text)}`", "write %% for a per cent sign, `%(name)s` for what is filled in"
                        )
                    if match[1] and match[1] not in places:
                        hint = "it has " + ", ".join(f"%({name})s" for name in sorted(places)) if places else "it has none: leave it out"
                        raise wrong("PM221", f"`{shown(message)}` has no %({match[1]})s to fill in", hint)
        return voice
