"""`planmark doctor`: what is wrong with a machine, a workspace and its targets, and what to do. It looks and asks, and changes nothing."""

from planmark.publish.doctor.examine import examine
from planmark.publish.doctor.found import Found

__all__ = ["Found", "examine"]
