"""The close plan: what only the seller sees of a deal, put together from its plan, its schedule, its health and what people did."""

from planmark.plan.closing.closing import ClosePlan, close_plan
from planmark.plan.closing.gaps import Gap, gaps

__all__ = ["ClosePlan", "Gap", "close_plan", "gaps"]
