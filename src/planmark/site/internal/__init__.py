"""Sheets of the seller's own: the walk-through of a call, the close plan. One file each, which loads nothing and goes into no site.

A template here begins with `{% extends "frame.html" %}` and fills the block `main`; it may fill `lead`, which stands beside the title, and
`style`, for rules of its own. It receives what the caller gives, and has the filters of pages, a theme's blocks and the language.
"""

from planmark.site.internal.sheet import internal_sheet

__all__ = ["internal_sheet"]
