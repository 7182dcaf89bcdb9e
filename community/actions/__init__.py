"""All that the site's own housekeeping changes."""

from community.actions.housekeeping import count_people, sweep
from community.actions.mixing import mix
from community.actions.rotating import rotate
from community.actions.telling import tell_of_restore

__all__ = ["count_people", "mix", "rotate", "sweep", "tell_of_restore"]
