"""Copying the register: all or nothing, the old copy stays, and what went wrong shows."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import psycopg
import pytest
import time_machine
from django.core.management import CommandError, call_command

import content
from advice.actions.trials import Copied, sync
from advice.models import Trial, TrialCopy
from advice.register import Limits, Register
from advice.troubles import WORDS, trouble
from tests.advice import register_server as server
from tests.advice.register_server import STAMP, says, study

pytestmark = pytest.mark.django_db
TODAY, LATER = date(2026, 11, 23), date(2026, 11, 24)
NEWER = "2026-11-21T09:00:05"
LIMITS = Limits(silent_seconds=0.2, answer_seconds=0.3, answer_bytes=500_000)


@pytest.fixture
def there() -> Iterator[server.Register]:
    with server.running() as register:
        register.studies = {"one": [study(number) for number in range(1, 4)]}
        yield register


def copied(there: server.Register, today: date = TODAY, **more: bool) -> Copied:
    register = Register(there.base, ["one"], limits=LIMITS, wait=lambda _seconds: None)
    return sync(register.fetch, today, **more)


def stored() -> list[dict[str, Any]]:
    return list(Trial.objects.order_by("code").values())


def test_the_first_copy_holds_everything(there: server.Register) -> None:
    assert copied(there) == Copied(held=3, new=3)
    assert [(one["code"], one["seen_on"]) for one in stored()] == [(f"NCT{n:08}", TODAY) for n in (1, 2, 3)]
    last = TrialCopy.objects.get()
    assert (last.data_stamp, last.trouble, last.failing_since) == (STAMP, "", None)
    assert Trial.objects.get(pk="NCT00000002").record == study(2)


def test_a_copy_replaces_keeps_the_first_day_and_lets_go(there: server.Register) -> None:
    copied(there)
    there.stamp = NEWER
    there.studies = {"one": [study(2, title="New words", changed="2026-11-20"), study(3), study(4)]}
    assert copied(there, LATER) == Copied(held=3, new=1, changed=1, gone=1)
    assert [(one["code"], one["title"], one["seen_on"]) for one in stored()] == [
        ("NCT00000002", "New words", TODAY),
        ("NCT00000003", "Trial number 3", TODAY),
        ("NCT00000004", "Trial number 4", LATER),
    ]


def test_an_unchanged_register_is_asked_once_and_confirms_the_copy(there: server.Register) -> None:
    copied(there)
    there.studies, there.asked = {}, []
    with time_machine.travel(datetime(2030, 1, 1, tzinfo=UTC), tick=False):
        assert copied(there) == Copied(is_same=True, held=3)
        assert TrialCopy.objects.get().fetched_at == datetime(2030, 1, 1, tzinfo=UTC)
    assert [path for path, _asked in there.asked] == ["/api/v2/version"]


def test_everything_can_be_fetched_anew(there: server.Register) -> None:
    copied(there)
    there.studies = {"one": [study(1)]}
    assert copied(there, anew=True) == Copied(held=1, gone=2)


def test_a_trial_on_two_pages_is_one(there: server.Register) -> None:
    there.studies["one"].append(study(1))
    assert copied(there) == Copied(held=3, new=3)


MISBEHAVING = [
    ([None, *[says(429)] * 4], "busy"),
    ([None, *[says(429, Retry_After="9")] * 4], "busy"),
    ([None, *[says(500)] * 4], "server"),
    ([None, *[server.silent] * 4], "slow"),
    ([None, *[server.drip] * 4], "slow"),
    ([None, *[server.cut_off] * 4], "cut_off"),
    ([None, None, *[server.cut_off] * 4], "cut_off"),
    ([None, says(200, {"studies": [], "totalCount": 3})], "empty_page"),
    ([None, None, says(200, {"studies": []})], "empty_page"),
    ([None, None, says(200, {"studies": [study(9)]})], "missing"),
    ([None, *[says(200, {"studies": [study(9)], "totalCount": 9, "nextPageToken": "again"})] * 3], "same_token"),
    ([None, says(200, {"results": []})], "changed"),
    ([None, says(200, {"studies": [{"nct": "NCT00000009"}], "totalCount": 1})], "changed"),
    ([None, says(200, {"studies": [study(9, status=None)], "totalCount": 1})], "changed"),
    ([None, says(200, {"studies": [], "totalCount": 0})], "nothing"),
    ([None, says(302, Location="https://elsewhere.example/")], "moved"),
    ([says(403)], "refused"),
    ([says(200, {})], "changed"),
]


@pytest.mark.parametrize(("script", "code"), MISBEHAVING)
def test_whatever_goes_wrong_the_old_copy_stays_and_the_failure_shows(
    there: server.Register, script: list[Callable[..., None] | None], code: str
) -> None:
    copied(there)
    before, fetched_at = stored(), TrialCopy.objects.get().fetched_at
    there.stamp, there.page_size = NEWER, 2
    there.studies = {"one": [study(number, title="Not to be seen") for number in range(1, 6)]}
    there.script = list(script)
    assert copied(there, LATER) == Copied(trouble=code, held=3)
    assert there.script == [] or code == "same_token"
    assert stored() == before
    last = TrialCopy.objects.get()
    assert (last.data_stamp, last.fetched_at) == (STAMP, fetched_at)
    assert (last.trouble, last.failing_since) == (code, LATER)
    found = trouble()
    assert found is not None
    assert (found.code, found.since, found.copied_at) == (code, LATER, fetched_at)
    assert found.sentence == WORDS[code]
    there.script = []
    assert copied(there, LATER).trouble == ""
    assert trouble() is None
    assert len(stored()) == 5


def test_what_fails_again_keeps_its_first_day(there: server.Register) -> None:
    for today in (TODAY, LATER):
        there.script = [says(403)]
        copied(there, today)
    assert TrialCopy.objects.get().failing_since == TODAY


def test_an_unchanged_register_ends_the_trouble(there: server.Register) -> None:
    copied(there)
    there.script = [says(403)]
    copied(there)
    assert copied(there).is_same
    assert trouble() is None


@pytest.mark.django_db(transaction=True)
def test_a_database_that_refuses_one_row_stores_none(
    there: server.Register, owner_connection: psycopg.Connection[Any]
) -> None:
    copied(there)
    before = stored()
    there.stamp = NEWER
    there.studies = {"one": [study(number, title="Not to be seen") for number in range(2, 500)]}
    owner_connection.execute(
        "CREATE FUNCTION pg_temp_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no'; END $$;"
        "CREATE TRIGGER refuse BEFORE INSERT ON advice_trial FOR EACH ROW WHEN (NEW.code = 'NCT00000499')"
        " EXECUTE FUNCTION pg_temp_refuse()"
    )
    try:
        assert copied(there) == Copied(trouble="not_stored", held=3)
    finally:
        owner_connection.execute("DROP TRIGGER refuse ON advice_trial; DROP FUNCTION pg_temp_refuse()")
    assert stored() == before
    assert TrialCopy.objects.get().data_stamp == STAMP


def test_one_record_in_many_that_cannot_be_read_stays_as_it_was(there: server.Register) -> None:
    there.studies = {"one": [study(number) for number in range(1, 101)]}
    copied(there)
    there.stamp = NEWER
    there.studies["one"][4] = study(5, changed="some day", title="Not to be seen")
    there.studies["one"][7] = {"protocolSection": {}}
    assert copied(there) == Copied(held=100, gone=0, unread=2)
    assert Trial.objects.get(pk="NCT00000005").title == "Trial number 5"
    assert Trial.objects.filter(pk="NCT00000008").exists()
    found = trouble()
    assert found is not None
    assert (found.code, found.since) == ("some_unread", None)
    there.stamp = "2026-11-22T09:00:05"
    there.studies["one"][9] = {}
    assert copied(there).trouble == "changed"


def test_hostile_text_is_stored_as_text(there: server.Register) -> None:
    nasty = study(1, title="<script>alert(1)</script> **x** [y](javascript:z) \x00\ud800", summary="\x00 <img src=x>")
    nasty["protocolSection"]["more\x00"] = ["\x00", {"\ud800": "\x00"}]
    there.studies = {"one": [nasty]}
    assert copied(there) == Copied(held=1, new=1)
    kept = Trial.objects.get()
    assert kept.title == "<script>alert(1)</script> x y"
    assert kept.summary == "<img src=x>"
    assert kept.record["protocolSection"]["more"] == ["", {"": ""}]


def test_a_record_nested_without_end_is_not_stored(there: server.Register) -> None:
    deep: list[Any] = []
    for _ in range(900):
        deep = [deep]
    there.studies["one"][0]["protocolSection"]["more"] = deep
    there.studies["one"] += [study(number) for number in range(10, 110)]
    assert copied(there).trouble == ""
    assert Trial.objects.count() >= 102


def test_trouble_tells_of_a_register_that_was_never_asked(there: server.Register) -> None:
    found = trouble()
    assert found is not None
    assert found.code == "never"


def test_trouble_tells_of_a_job_that_stopped(there: server.Register) -> None:
    with time_machine.travel(datetime(2026, 11, 20, 12, tzinfo=UTC), tick=False) as clock:
        copied(there)
        clock.shift(timedelta(days=3))
        assert trouble() is None
        clock.shift(timedelta(seconds=1))
        found = trouble()
    assert found is not None
    assert found.code == "stale"


def test_every_code_has_words() -> None:
    assert {code for _script, code in MISBEHAVING} <= set(WORDS)
    assert all(str(words).endswith((".", "?")) for words in WORDS.values())


@pytest.fixture
def asked_here(there: server.Register, settings: Any) -> server.Register:
    settings.TRIALS_API = there.base
    there.studies = {term: [study(1)] for term in content.load().advice.research.terms[:1]}
    return there


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a second between two requests take less."""
    monkeypatch.setattr("advice.register.BETWEEN", 0.0)


def test_the_command_says_what_became_of_it(asked_here: server.Register, hurried: None) -> None:
    out = io.StringIO()
    call_command("sync_trials", stdout=out)
    call_command("sync_trials", stdout=out)
    call_command("sync_trials", "--anew", stdout=out)
    assert out.getvalue().splitlines() == [
        "1 trials: 1 new, 0 changed, 0 gone.",
        "The register has not changed; we have 1 trials.",
        "1 trials: 0 new, 0 changed, 0 gone.",
    ]


def test_the_command_says_clearly_what_failed(asked_here: server.Register, hurried: None) -> None:
    call_command("sync_trials", stdout=io.StringIO())
    asked_here.script = [says(403)]
    with pytest.raises(CommandError) as error:
        call_command("sync_trials")
    assert str(error.value) == "The register refuses our request. Nothing was changed: the 1 trials we had stay."
