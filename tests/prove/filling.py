"""Fill a site with texts, decisions, reactions and saved stories, and write down what must be found again.

``python -m tests.prove filling fill FILE`` does so once; ``post FILE`` goes on sending texts until it is stopped, each
noted when it was taken; ``find FILE`` looks for all of it.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

from accounts.codes import new_code
from accounts.models import User
from community.models import Counter
from moderation.checking import verify
from moderation.models import Case, Decision, Report
from stories.actions import erase_text, react, save_for_later
from stories.models import Contribution, Outcome, Publication, Reaction, Revision, SavedItem
from stories.owners import Owner, person_of
from tests import make
from tests.moderation import two

OUTCOMES = [Outcome.APPROVE, Outcome.REFUSE, Outcome.ASK_CHANGES, None]


def owner_of(name: str) -> Owner:
    """Return the owner that an account (its handle) or a receipt (its code) is."""
    if name.startswith("code:"):
        return Owner.of_code(name.removeprefix("code:"))
    return Owner.of_account(User.objects.get(handle=name))


def text_of(number: int) -> str:
    """Return words that are like no other's."""
    return f"{make.TEXT}\n\nNumber {number} of those that must be found again, and more: {os.urandom(400).hex()}"


def fill(file: Path) -> None:
    """Write everything and note it."""
    names = [make.member().handle for _ in range(6)] + [f"code:{new_code()}" for _ in range(6)]
    judge, live = two.people(1)[0], []
    for number, name in enumerate(names * 4):
        revision = make.waiting(owner_of(name), text=text_of(number))
        outcome = OUTCOMES[number % len(OUTCOMES)]
        if outcome is not None:
            make.decided(revision, outcome, reviewer=judge)
        if outcome == Outcome.APPROVE:
            live.append(Publication.objects.get(revision=revision))
    for name in names[:6]:
        react(live[0], kind="r1", owner=owner_of(name))
        save_for_later(live[1], owner=owner_of(name))
    make.hide(live[2].contribution)
    file.write_text(json.dumps(seen(names)))


def seen(names: list[str]) -> dict[str, Any]:
    """Return what is there: of each owner the texts, their words and where they stand; decisions and counts."""
    texts = {name: Contribution.objects.owned_by(owner_of(name)) for name in names}
    persons = {name: {person_of(one.pk, bytes(one.person_seal)) for one in found} for name, found in texts.items()}
    assert all(len(found) == 1 for found in persons.values()), "one person a name"
    all_of_them = [pk for found in texts.values() for pk in found.values_list("pk", flat=True)]
    rows = Revision.objects.order_by("pk").values_list("pk", "contribution", "state", "text", "month")
    return {
        "texts": {
            name: sorted(str(row) for row in rows.filter(contribution__in=found)) for name, found in texts.items()
        },
        "saved": {name: SavedItem.objects.saved_by(owner_of(name)).count() for name in names},
        "decisions": sorted(str(row) for row in Decision.objects.values_list("pk", "case", "outcome", "moderator")),
        "counts": dict(Counter.objects.order_by("name").values_list("name", "value")),
        "rows": [model.objects.count() for model in (Publication, Reaction, Report, User)],
        "cases": Case.objects.exclude(closing="").filter(revision__contribution__in=all_of_them).count(),
        "record": verify().sentence,
    }


def post(file: Path) -> None:
    """Send texts under codes of their own, and note each that was taken."""
    with file.open("a") as notes:
        number = 1_000
        while True:
            code = new_code()
            make.waiting(Owner.of_code(code), text=text_of(number))
            notes.write(f"code:{code}\n")
            notes.flush()
            number += 1


def go_on(file: Path) -> None:
    """Erase the text that was noted first, publish the second, and then put another version in its place."""
    first, second = (owner_of(code) for code in file.read_text().split()[:2])
    erase_text(Contribution.objects.owned_by(first).get().pk, owner=first)
    sent = Revision.objects.get(contribution__in=Contribution.objects.owned_by(second))
    make.decided(sent, Outcome.APPROVE)
    make.published(second, contribution=sent.contribution_id, text=text_of(2_000_000))


def second(file: Path) -> None:
    """Print the states of the versions of the text that was noted second."""
    owner = owner_of(file.read_text().split()[1])
    found = Revision.objects.filter(contribution__in=Contribution.objects.owned_by(owner)).order_by("number")
    sys.stdout.write(" ".join(found.values_list("state", flat=True)))


def find(file: Path) -> None:
    """Say what is not as it was noted, and fail."""
    noted = json.loads(file.read_text())
    found = json.loads(json.dumps(seen(list(noted["texts"]))))
    wrong = [name for name in noted if found[name] != noted[name]]
    assert wrong == [], [(name, noted[name], found[name]) for name in wrong]


def find_posted(file: Path) -> None:
    """Print how many of the noted texts are there, whole, each with the case that it waits in."""
    codes = file.read_text().split()
    texts = [Contribution.objects.owned_by(owner_of(code)).first() for code in codes]
    # A backup of the moment between keeping a draft and sending it holds the draft: nobody was told yet of more.
    sent = Revision.objects.filter(contribution__in=[one for one in texts if one is not None], state="waiting")
    cases = Case.objects.filter(revision__in=sent, closing="").count()
    assert cases == sent.count(), "each waits in a case"
    sys.stdout.write(str(cases))


def main(act: str, file: str) -> None:
    """Do one of these."""
    acts = {"fill": fill, "post": post, "go_on": go_on, "second": second, "find": find, "find_posted": find_posted}
    acts[act](Path(file))
