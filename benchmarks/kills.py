"""Kill the process that decides, before every statement in turn and before the end of the transaction.

    python benchmarks/kills.py --kills 200

Each time another text, in a process of its own, on a connection of the web role. What the tables hold then is
compared with what they held before and with what the whole decision leaves; then the same request is sent again.
"""

import argparse
import sys
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))


def main() -> None:
    """Read the options, kill, count."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=200)
    options = parser.parse_args()
    from benchmarks.leases import database

    with database():
        from stories.actions import remember_key

        remember_key()
        for line in killed(options.kills):
            print(line)


def killed(kills: int) -> list[str]:
    """Kill so many times, one outcome after the other, and return the table."""
    from stories.models import Outcome
    from tests.moderation.dying import Scene, dies

    outcomes = [Outcome.APPROVE, Outcome.REFUSE, Outcome.PROPOSE, Outcome.REMOVE, Outcome.KEEP]
    told: dict[Outcome, Counter[str]] = {one: Counter() for one in outcomes}
    before, left = dict.fromkeys(outcomes, 0), kills
    while left:
        for outcome in outcomes[:left]:
            scene = Scene(outcome)
            died = dies(scene.decide, before=before[outcome])
            between = scene.seen()
            scene.decide()
            after = scene.seen()
            state = "nothing" if between == scene.before else "all" if between == after else "A PART"
            told[outcome]["killed" if died else "came to its end"] += 1
            told[outcome][f"{state} was there"] += 1
            told[outcome]["whole when sent again"] += after[0][0] == "decided"
            before[outcome] = before[outcome] + 1 if died else 0
            left -= died
    return [f"{outcome}: {dict(counted)}" for outcome, counted in told.items()]


if __name__ == "__main__":
    main()
