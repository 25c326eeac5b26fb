"""The close plan: what only the seller sees of a deal, put together from its plan, its schedule, its health and what people did."""

from planmark.plan.closing.closing import Known, close_plan
from planmark.plan.closing.gaps import Gap, gaps
from planmark.plan.closing.lines import ClosePlan

__all__ = ["ClosePlan", "Gap", "Known", "close_plan", "gaps"]
