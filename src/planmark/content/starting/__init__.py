"""Starting: a workspace, a plan from a starting plan, a plan from another deal. What is written here is the rep's from then on."""

from planmark.content.starting.beginning import Started, new_share_key, write_schemas
from planmark.content.starting.handoff import hand_off
from planmark.content.starting.like import start_like
from planmark.content.starting.plan import start_plan, starting_plans
from planmark.content.starting.workspace import start_workspace

__all__ = ["Started", "hand_off", "new_share_key", "start_like", "start_plan", "start_workspace", "starting_plans", "write_schemas"]
