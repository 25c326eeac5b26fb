"""The card that a chat or a mailbox shows for a shared link: the plan's title in the brand's colours, and nothing else of the plan.

Its size and shape are what previews ask for (Open Graph: 1200 × 630). The touch icon is the same mark, for a telephone's home screen.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from planmark.content.pictures import made_key

if TYPE_CHECKING:
    from PIL.Image import Image

WIDTH, HEIGHT = 1200, 630
TOUCH = 180
"""The side of a touch icon."""
_MARGIN = 84
_SIZES = (104, 96, 88, 80, 72, 64, 56, 48)
_MOST = {104: 2, 96: 2, 88: 3, 80: 3, 72: 3, 64: 4, 56: 4, 48: 5}
"""How many lines of each size have their place."""
_LEADING = 1.16
_TONES = 15
"""Steps from the ground to white: with one more colour they fit into four bits."""
_STEPS = [round(level * (_TONES - 1) / 255) for level in range(256)]
_RULE = 15
"""The colour of the short rule, after the tones."""


@dataclass(frozen=True)
class Card:
    """What a card shows. Colours are `#rrggbb`."""

    title: str
    ground: str
    rule: str

    @property
    def output(self) -> str:
        """Its path in the site, made from all that it shows."""
        return f"assets/card.{made_key(f'card {self.title} {self.ground} {self.rule}')}.png"


def drawn_card(card: Card) -> bytes:
    """The card as PNG. A title in a script that no font of ours has is left out: the link's own title says it."""
    from PIL import Image, ImageDraw

    from planmark.site.pictures.lettering import can_write, from_right, length, write

    image = Image.new("L", (WIDTH, HEIGHT), 0)
    right = from_right(card.title)
    mark = _mark(72)
    image.paste(mark, (WIDTH - _MARGIN - mark.width if right else _MARGIN, _MARGIN))
    lines: list[str] = []
    top = HEIGHT - _MARGIN
    if can_write(card.title):
        draw = ImageDraw.Draw(image)
        lines, size = _set(card.title)
        baseline = HEIGHT - _MARGIN - round(0.18 * size)
        top = baseline - round((len(lines) - 1) * size * _LEADING) - size
        for number, line in enumerate(reversed(lines)):
            start = WIDTH - _MARGIN - length(line, size) if right else _MARGIN
            write(draw, start, baseline - round(number * size * _LEADING), line, size)
    image = image.point(_STEPS)
    wide = 96
    left = WIDTH - _MARGIN - wide if right else _MARGIN
    image.paste(_RULE, (left, top - 36, left + wide, top - 28))
    return _png(image, [*_ramp(card.ground), _rgb(card.rule)])


def drawn_touch(ground: str) -> bytes:
    """The touch icon as PNG: the mark on its ground, to the edges, for systems cut the corners themselves."""
    from PIL import Image

    image = Image.new("L", (TOUCH, TOUCH), 0)
    check = _check(TOUCH)
    image.paste(255, (0, 0), check)
    return _png(image.point(_STEPS), _ramp(ground))


def touch_output(ground: str) -> str:
    """The touch icon's path in the site."""
    return f"assets/touch.{made_key(f'touch {ground}')}.png"


def _set(title: str) -> tuple[list[str], int]:
    """The title in lines of about one length, and the largest size in which it has its place. What is too long ends in an ellipsis."""
    from planmark.site.pictures.lettering import length, words

    pieces = words(title)
    space = length("n n", _SIZES[0]) - length("nn", _SIZES[0])
    wide = [(length(piece, _SIZES[0]) / _SIZES[0], space / _SIZES[0] if piece.endswith(" ") else 0.0) for piece in pieces]
    for size in _SIZES:
        room = (WIDTH - 2 * _MARGIN) / size
        lines = _broken(wide, room)
        if max(wide)[0] <= room and len(lines) <= _MOST[size]:
            break
    lines = _balanced(wide, room, len(lines))
    said = ["".join(pieces[first:last]) for first, last in lines]
    if len(said) > _MOST[size]:
        said = [*said[: _MOST[size] - 1], said[_MOST[size] - 1] + "……"]
    return [_cut(line, size) for line in said], size


def _broken(wide: list[tuple[float, float]], room: float) -> list[tuple[int, int]]:
    """Lines of pieces, from and up to which, each as full as it can be. `wide` are the widths of pieces and of the space behind them,
    by the size of the letters: they are measured once."""
    lines, first, filled = [], 0, 0.0
    for index, (width, space) in enumerate(wide):
        if index > first and filled + width > room:
            lines.append((first, index))
            first, filled = index, 0.0
        filled += width + space
    return [*lines, (first, len(wide))]


def _balanced(wide: list[tuple[float, float]], room: float, count: int) -> list[tuple[int, int]]:
    """The same number of lines in the least room that holds them, which makes them about equally long."""
    low, high = 0.0, room
    while count > 1 and high - low > 0.1:
        middle = (low + high) / 2
        low, high = (low, middle) if len(_broken(wide, middle)) <= count else (middle, high)
    return _broken(wide, high)


def _cut(line: str, size: int) -> str:
    """The line, or as much of it as there is room for, with an ellipsis."""
    from planmark.site.pictures.lettering import length

    room = WIDTH - 2 * _MARGIN
    if length(line, size) <= room + 2:
        return line
    fits, over = 0, len(line)
    while over - fits > 1:
        middle = (fits + over) // 2
        fits, over = (middle, over) if length(line[:middle].rstrip("… ") + "…", size) <= room else (fits, middle)
    return line[:fits].rstrip("… ") + "…"


@cache
def _mark(side: int) -> Image:
    """A plan's check mark, cut out of a white square with round corners."""
    from PIL import Image, ImageDraw

    large = Image.new("L", (side * 4, side * 4), 0)
    ImageDraw.Draw(large).rounded_rectangle((0, 0, side * 4 - 1, side * 4 - 1), side, fill=255)
    mark = large.resize((side, side), Image.Resampling.BOX)
    mark.paste(0, (0, 0), _check(side))
    return mark


@cache
def _check(side: int) -> Image:
    """The check mark of the favicon, in a square of this side."""
    from PIL import Image, ImageDraw

    unit = side * 4 / 32
    large = Image.new("L", (side * 4, side * 4), 0)
    draw = ImageDraw.Draw(large)
    points = [(9 * unit, 16.5 * unit), (14 * unit, 21.5 * unit), (23.5 * unit, 10.5 * unit)]
    draw.line(points, fill=255, width=round(3.2 * unit), joint="curve")
    for x, y in (points[0], points[-1]):
        draw.ellipse((x - 1.6 * unit, y - 1.6 * unit, x + 1.6 * unit, y + 1.6 * unit), fill=255)
    return large.resize((side, side), Image.Resampling.BOX)


def _png(image: Image, colours: list[tuple[int, int, int]]) -> bytes:
    image.putpalette([value for colour in colours for value in colour])
    buffer = io.BytesIO()
    image.save(buffer, "PNG", bits=4, compress_level=3)
    return buffer.getvalue()


def _ramp(ground: str) -> list[tuple[int, int, int]]:
    """From the ground to white."""
    start = _rgb(ground)
    steps = _TONES - 1
    return [(_mix(start[0], step, steps), _mix(start[1], step, steps), _mix(start[2], step, steps)) for step in range(_TONES)]


def _mix(value: int, step: int, steps: int) -> int:
    return round(value + (255 - value) * step / steps)


def _rgb(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
