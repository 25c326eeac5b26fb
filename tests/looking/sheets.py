"""Many pictures on one, as small as a person can still read them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PIL import Image

GAP = 24
BACKGROUND = (128, 128, 136)
SCALE = {360: 0.9, 768: 0.6, 1280: 0.5}
HEIGHT = 1500


def contact_sheet(pictures: Sequence[Path], to: Path) -> None:
    """The first HEIGHT pixels of all pictures beside each other."""
    parts = []
    for path in pictures:
        with Image.open(path) as picture:
            scale = SCALE.get(picture.width, 0.5)
            part = picture.convert("RGB").crop((0, 0, picture.width, min(picture.height, round(HEIGHT / scale))))
            parts.append(part.resize((round(part.width * scale), round(part.height * scale)), Image.Resampling.LANCZOS))
    _beside(parts, to)


def in_columns(path: Path, to: Path, wide: int = 1900) -> None:
    """A tall picture in columns, as many to a sheet as go into `wide` pixels; `to` gets a number and an ending."""
    with Image.open(path) as picture:
        whole = picture.convert("RGB")
    scale = {360: 1.0, 768: 0.8, 1280: 0.72}.get(whole.width, 0.72)
    whole = whole.resize((round(whole.width * scale), round(whole.height * scale)), Image.Resampling.LANCZOS)
    columns = [whole.crop((0, top, whole.width, min(top + HEIGHT, whole.height))) for top in range(0, whole.height, HEIGHT)]
    each = max(1, wide // (whole.width + GAP))
    for number in range(0, len(columns), each):
        _beside(columns[number : number + each], to.with_name(f"{to.name}-{number // each + 1}.png"))


def _beside(parts: Sequence[Image.Image], to: Path) -> None:
    sheet = Image.new("RGB", (sum(part.width + GAP for part in parts) + GAP, max(part.height for part in parts) + 2 * GAP), BACKGROUND)
    left = GAP
    for part in parts:
        sheet.paste(part, (left, GAP))
        left += part.width + GAP
    to.parent.mkdir(parents=True, exist_ok=True)
    sheet.save(to)
