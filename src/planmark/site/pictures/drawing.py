"""Draws the first page of a PDF; a program of its own (`python -m planmark.site.pictures.drawing FILE`), for PDFs come from anywhere.

It writes one line of JSON (`{"pages": 6, "width": 1280, "height": 720}`) and then the page as PNG; nothing where it cannot. Whoever
calls it gives it a time; it takes no more memory than `MEMORY`.
"""

from __future__ import annotations

import json
import sys
from contextlib import suppress

WIDTH = 1280
"""Of the drawing of a slide, in pixels."""
UPRIGHT = 960
"""Of an upright page: it is shown beside others, and its letters cost bytes."""
TALLEST = 2.0
"""A page that is taller than this, by its width, is drawn to there: receipts, posters, endless boards."""
MEMORY = 2 * 1024**3
"""Bytes of address space. What a page takes is a hundredth of it; a hostile one takes all that there is."""


def main(path: str) -> int:
    """Draw the page to the standard output. The answer is the exit code."""
    with suppress(ImportError, ValueError, OSError):  # elsewhere there are no such limits, and the time is one
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    import pypdfium2

    document = pypdfium2.PdfDocument(path)
    page = document[0]
    wide, high = page.get_size()
    if not (wide > 0 and high > 0):
        return 1
    scale = (WIDTH if wide >= high else UPRIGHT) / wide
    cut = max(0.0, high - wide * TALLEST)
    image = page.render(scale=scale, crop=(0, cut, 0, 0), may_draw_forms=True).to_pil().convert("RGB")
    out = sys.stdout.buffer
    out.write(json.dumps({"pages": len(document), "width": image.width, "height": image.height}).encode() + b"\n")
    image.save(out, "PNG", compress_level=1)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
