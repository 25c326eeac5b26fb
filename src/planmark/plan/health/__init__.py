"""How a plan is doing, honestly: each task, each stage and the whole, with the reasons."""

from planmark.plan.health.judging import Seen, health
from planmark.plan.health.standing import Engagement, Health, Reason, Standing, StandingOf

__all__ = ["Engagement", "Health", "Reason", "Seen", "Standing", "StandingOf", "health"]
