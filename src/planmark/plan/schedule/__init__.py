"""When everything has to be done so that the dates hold: worked back from the targets, with what each slip would move."""

from planmark.plan.schedule.scheduling import schedule, with_dates
from planmark.plan.schedule.slots import Anchor, Conflict, Schedule, Slot
from planmark.plan.schedule.working import Working, working

__all__ = ["Anchor", "Conflict", "Schedule", "Slot", "Working", "schedule", "with_dates", "working"]
