"""Small files that are what they say: images, a font, PDFs. Made, so that a test can say what is in them."""

from __future__ import annotations

import base64
import io
from functools import cache

PNG = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")
"""One pixel."""


@cache
def font(letters: str = "".join(map(chr, range(0x20, 0x7F))), fs_type: int = 0, width: int = 500, flavor: str = "woff2") -> bytes:
    """A font whose letters are all alike, with a licence in its name table."""
    from fontTools.fontBuilder import FontBuilder
    from fontTools.pens.ttGlyphPen import TTGlyphPen

    pen = TTGlyphPen(None)
    pen.moveTo((50, 0))
    pen.lineTo((50, 700))
    pen.lineTo((450, 700))
    pen.lineTo((450, 0))
    pen.closePath()
    shape = pen.glyph()
    names = [".notdef", *(f"u{ord(letter):04X}" for letter in letters)]
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder(names)
    builder.setupCharacterMap({ord(letter): f"u{ord(letter):04X}" for letter in letters})
    builder.setupGlyf(dict.fromkeys(names, shape))
    builder.setupHorizontalMetrics(dict.fromkeys(names, (width, 50)))
    builder.setupHorizontalHeader(ascent=900, descent=-300)
    builder.setupNameTable(
        {
            "familyName": "Acme",
            "styleName": "Regular",
            "licenseDescription": "Free to use: Acme",
            "licenseInfoURL": "https://acme.example/l",
        }
    )
    builder.setupOS2(sTypoAscender=900, sTypoDescender=-300, sTypoLineGap=0, fsType=fs_type)
    builder.setupPost()
    builder.font["head"].created = builder.font["head"].modified = 3_600_000_000
    builder.font.recalcTimestamp = False
    builder.font.flavor = flavor or None
    buffer = io.BytesIO()
    builder.save(buffer)
    return buffer.getvalue()


@cache
def pdf(pages: int = 1, width: int = 595, height: int = 842) -> bytes:
    """A PDF of empty pages."""
    import pypdfium2

    document = pypdfium2.PdfDocument.new()
    for _ in range(pages):
        document.new_page(width, height)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()
