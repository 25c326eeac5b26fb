"""Telling people where a plan stands: in a mail that somebody sends, and in a call. All of it comes from the buyer's view."""

from planmark.site.briefing.points import Decision, Points, Worry, points

__all__ = ["Decision", "Points", "Worry", "points"]
