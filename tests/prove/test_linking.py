"""Proof 1: a copy of the database and its files, after the nightly mix, links no text to an account or to another.

A month is lived on sites of their own: at a quiet rate with a moderator who comes three times a day, and at a busier
one with a moderator who comes every third day. Four leaky builds must be found out.
"""

from __future__ import annotations

import pickle
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from email import message_from_bytes, policy
from pathlib import Path
from statistics import median
from typing import Any

import pytest
from django.conf import settings

from tests.architecture.source import ROOT
from tests.prove.guessing import Stolen, to_accounts, to_texts
from tests.prove.judging import Verdict
from tests.prove.sites import site
from tests.prove.thief import spooled

pytestmark = pytest.mark.prove
# Days, people who come in a day, and what is otherwise: see tests/prove/month.py. The longest first.
MONTHS = {
    "busy": ["30", "6", "seldom"],
    "quiet": ["30", "3", "named"],
    "together": ["6", "20"],  # all texts enter the queue soon
    "unmixed": ["4", "8", "unmixed"],
    "touched": ["4", "8", "unmixed", "touched"],
}
MATCHINGS, FEW = 1_000, 100
TIMES = 3
WRITTEN_NEXT = "accounts_session.~xmin ~ *.~xmin, equal or the 1 next after by value"
DECIDED_NEXT = "next * in moderation_*.~xmin"


def _live(name: str, folder: Path, *more_how: str) -> dict[str, Any]:
    """Live a month on a site of its own; return what a thief holds, and the truth."""
    out = folder / name
    with site() as made:
        assert made.manage("migrate", "--verbosity", "0")[0] == 0
        assert made.manage("remember_key")[0] == 0
        more = {"STATIC_ROOT": str(settings.STATIC_ROOT), "LOG_LEVEL": "INFO"}
        more |= {"SITE_URL": "https://harbour.example", "MAIL_FROM": "Post <post@harbour.example>"}
        more |= {"QUEUE_WAIT_MINUTES": "30", "QUEUE_APART_HOURS": "0" if name == "together" else "48"}
        days, a_day, *how = MONTHS[name]
        command = [sys.executable, "-m", "tests.prove", "month", days, a_day, str(out), *how, *more_how]
        done = subprocess.run(command, cwd=ROOT, env=made.environment | more, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr.decode()[-4_000:]
        logs = [path for path in made.place.data_dir.rglob("*") if path.is_file()]
        logs += [path for path in made.place.home.glob("*") if path.is_file()]
        return pickle.loads(out.read_bytes()) | {  # noqa: S301 - our own
            "logs": done.stdout + done.stderr + b"\0".join(path.read_bytes() for path in logs)
        }


@pytest.fixture(scope="module")
def months(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], dict[str, Any]]]:
    """Live all of them, two at a time."""
    folder = tmp_path_factory.mktemp("months")
    with ThreadPoolExecutor(2) as pool:
        lived = {name: pool.submit(_live, name, folder) for name in MONTHS}
        yield lambda name: lived[name].result()


def tried(month: dict[str, Any], when: str, how: Callable[..., Verdict], rounds: int, *, only: str = "*") -> Verdict:
    """Judge what was stolen at some time, by all tries or by one."""
    month[when].tables["mails"] = spooled(month["mails"], month["people"])
    began: dict[str, int] = {}
    for day, (rows, _log) in enumerate(month["days"]):
        for pk in rows["stories_contribution"]:
            began.setdefault(pk, day)
    found = how(Stolen(month[when], month["people"], month["texts"], began), rounds, only)
    print(f"\n{how.__name__} {when}: {found}")
    return found


@pytest.mark.parametrize("how", [to_accounts, to_texts])
@pytest.mark.parametrize("rate", ["quiet", "busy"])
def test_a_copy_after_the_mix_links_nothing(rate: str, how: Any, months: Any, tmp_path: Path) -> None:
    tried(months(rate), "before", how, FEW)  # told in docs/security.md, not promised
    # One in some dozens of months is beyond the line by chance alone. What leaks is found by the same try in another.
    found = tried(months(rate), "after", how, MATCHINGS)
    if not found.is_chance:
        found = tried(_live(rate, tmp_path, "again"), "after", how, MATCHINGS, only=found.name)
    assert found.tries
    assert found.is_chance


@pytest.mark.parametrize("how", [to_accounts, to_texts])
def test_a_build_without_the_mix_is_found_out(how: Any, months: Any) -> None:
    found = tried(months("unmixed"), "after", how, FEW)
    assert not found.is_chance
    assert found.found > TIMES * found.by_chance


def test_a_visit_written_beside_a_text_is_found_out(months: Any) -> None:
    """By the visits' transactions that come next alone, which tell nothing where only the mix is left out."""
    found, without = (
        tried(months(name), "after", to_accounts, FEW, only=WRITTEN_NEXT) for name in ("touched", "unmixed")
    )
    assert not found.is_chance
    assert found.found > TIMES * found.by_chance
    assert without.is_chance


def test_a_column_with_the_author_is_found_out(months: Any) -> None:
    found = tried(months("quiet"), "named", to_accounts, FEW)
    assert found.name.endswith("stories_contribution.side")
    assert found.found > 0.9 * found.of


def test_the_order_of_decisions_is_found_out(months: Any) -> None:
    found = tried(months("together"), "after", to_texts, FEW, only=DECIDED_NEXT)
    assert not found.is_chance
    assert found.found > TIMES * found.by_chance


@pytest.mark.parametrize("rate", ["quiet", "busy"])
def test_no_log_and_no_mail_names_an_account_or_a_text(rate: str, months: Any) -> None:
    month = months(rate)
    names = [name.replace("-", "").encode() for name in [*month["people"], *month["texts"], *month["names"]]]
    mails = "".join(str(part) for mail in _mails(month) for part in (*mail.items(), mail.get_content())).encode()
    for held in (month["logs"], mails):
        assert held
        plain = held.replace(b"-", b"")  # an id is written with dashes or without
        assert [name for name in names if name in plain] == []


@pytest.mark.parametrize("rate", ["quiet", "busy"])
def test_mails_differ_in_whom_they_go_to_and_nothing_else(rate: str, months: Any) -> None:
    mails, stop = _mails(months(rate)), re.compile(r"/reminder/off/([^/]+)/")
    assert len({stop.sub("", mail.get_content()) for mail in mails}) == 1
    assert len({tuple(mail) for mail in mails}) == 1
    stops = {(mail["To"], *stop.findall(mail.get_content())) for mail in mails}
    assert len(mails) > len(stops) == len({mail["To"] for mail in mails}), "the same in every week"


def _mails(month: dict[str, Any]) -> list[Any]:
    return [message_from_bytes(wire, policy=policy.default) for _sender, _to, wire in month["mails"]]


@pytest.mark.parametrize("rate", ["quiet", "busy"])
def test_what_two_days_and_the_log_of_changes_tell_is_measured(rate: str, months: Any) -> None:
    """Nothing is promised here: docs/security.md says what was found."""
    month = months(rate)
    sets, found = [], Counter[str]()
    for (before, _log), (after, log) in zip(month["days"], month["days"][1:], strict=False):
        new = {name: {key: xid for key, xid in after[name].items() if key not in before[name]} for name in after}
        came = {month["people"].get(key) for key in new["accounts_user"]} - {None}
        sets.append(len(came))
        for key, xid in new["stories_contribution"].items():
            author = month["texts"].get(key, -1)
            found["texts"] += 1
            found["whose author came that day"] += author in came
            found["right in a hundred such guesses"] += round(100 * (author in came) / max(len(came), 1))
            found["in the log by their transaction"] += xid in log.get("stories_contribution", ())
            found["of the last new account in the log"] += (
                month["people"].get(_last(new["accounts_user"], xid)) == author
            )
            found["of the last new visit in the log"] += (
                month["people"].get(_last(new["accounts_session"], xid)) == author
            )
    print(f"\n{rate}: {dict(found)}, new accounts a day {median(sets)} (median)")
    assert found["in the log by their transaction"]


def _last(rows: dict[str, int], xid: int) -> str:
    """Return the row that was written last before a transaction."""
    return max((key for key in rows if rows[key] < xid), key=lambda key: rows[key], default="")
