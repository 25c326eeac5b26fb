"""Players, decks and forms of other sites in a page: known by a table, made anew from parsed addresses, loaded only when asked for."""

from planmark.site.embeds.finding import Frame, frame_of, usable, wrong_providers

__all__ = ["Frame", "frame_of", "usable", "wrong_providers"]
