"""All that the site's own housekeeping changes."""

from community.actions.housekeeping import count_people, sweep
from community.actions.mixing import mix
from community.actions.owing import owe_replay, owes_replay, settle_replay
from community.actions.rotating import rotate

__all__ = ["count_people", "mix", "owe_replay", "owes_replay", "rotate", "settle_replay", "sweep"]
