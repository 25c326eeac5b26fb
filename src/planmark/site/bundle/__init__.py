"""A whole site as one HTML file, made from the site's own files."""

from planmark.site.bundle.bundle import Bundle, Frame, bundled

__all__ = ["Bundle", "Frame", "bundled"]
