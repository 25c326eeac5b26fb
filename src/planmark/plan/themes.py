"""What a team writes about a theme: `theme.yaml`."""

from __future__ import annotations

from pydantic import Field

from planmark.plan.item import Many, Part
from planmark.plan.scalars import Colour, Id, Text


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
    """Further CSS custom properties by name, without the dashes: `radius: 6px`, `font-body: …`."""
    styles: Many[Text] = ()
    """The theme's own style sheets in `assets/`, in order; they follow those of the theme it extends."""
    print: Many[Text] = ()
    """Style sheets for printing from the browser, likewise."""
    paper: Many[Text] = ()
    """Style sheets of the PDF, likewise."""
