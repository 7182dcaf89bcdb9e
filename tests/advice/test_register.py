"""The client of the register: what it asks, how it waits, and what it makes of answers that are none."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest

from advice.register import FIELDS, Limits, Register, RegisterError
from tests.advice import register_server as server
from tests.advice.register_server import STAMP, says, study

SHORT = Limits(connect_seconds=0.5, silent_seconds=0.3, answer_seconds=0.4, all_seconds=300, answer_bytes=200_000)


@pytest.fixture
def there() -> Iterator[server.Register]:
    with server.running() as register:
        register.studies = {"one": [study(number) for number in range(1, 6)], "two": [study(9)]}
        yield register


def client(there: server.Register, *, limits: Limits = SHORT, **more: Any) -> tuple[Register, list[float]]:
    waits: list[float] = []
    return Register(there.base, ["one", "two"], limits=limits, wait=waits.append, **more), waits


def failed(there: server.Register, limits: Limits = SHORT) -> tuple[str, list[float]]:
    asking, waits = client(there, limits=limits)
    with pytest.raises(RegisterError) as error:
        asking.fetch("")
    return error.value.code, waits


def numbers(found: list[dict[str, Any]]) -> list[str]:
    return [one["protocolSection"]["identificationModule"]["nctId"] for one in found]


def test_all_pages_of_all_terms_are_fetched_a_second_apart(there: server.Register) -> None:
    there.page_size = 2
    told: list[int] = []
    asking, waits = client(there, tell=told.append)
    answer = asking.fetch("older")
    assert answer is not None
    assert answer.stamp == STAMP
    assert numbers(answer.studies) == [f"NCT{number:08}" for number in (1, 2, 3, 4, 5, 9)]
    assert told == [2, 2, 1, 1]
    assert [path for path, _asked in there.asked] == ["/api/v2/version", *["/api/v2/studies"] * 4]
    assert waits == [1.0] * 4
    first, second = there.asked[1][1], there.asked[2][1]
    assert first["query.cond"] == "one"
    assert first["fields"].split(",") == FIELDS
    assert "pageToken" not in first
    assert {name: value for name, value in second.items() if name != "pageToken"} == first


def test_nothing_more_is_asked_when_the_data_is_what_we_have(there: server.Register) -> None:
    asking, waits = client(there)
    assert asking.fetch(STAMP) is None
    assert (len(there.asked), waits) == (1, [])


def test_an_empty_page_with_a_token_is_not_the_end(there: server.Register) -> None:
    there.page_size = 5

    def empty_first(handler: server.Handler) -> None:
        page = there.page(there.asked[-1][1])[1]
        asked = there.asked[-1][1]
        there.page_size = 0  # the next place is this one
        token = there.page(asked)[1]["nextPageToken"]
        there.page_size = 5
        handler.answer(200, {"studies": [], "totalCount": page["totalCount"], "nextPageToken": token})

    there.script = [None, empty_first]
    answer = client(there)[0].fetch("")
    assert answer is not None
    assert len(answer.studies) == 6


def test_compressed_answers_are_read(there: server.Register) -> None:
    body = gzip.compress(json.dumps({"dataTimestamp": STAMP}).encode())
    there.script = [says(200, body, Content_Encoding="gzip")]
    assert client(there)[0].fetch(STAMP) is None


@pytest.mark.parametrize(
    ("act", "waits"),
    [
        (says(429), [2.0]),
        (says(429, Retry_After="7"), [7.0]),
        (says(429, Retry_After="soon"), [2.0]),
        (says(500), [2.0]),
        (says(503, Retry_After="3"), [3.0]),
        (server.cut_off, [2.0]),
        (server.half, [2.0]),
        (server.hang_up, [2.0]),
        (server.silent, [2.0]),
        (server.drip, [2.0]),
        (says(200, b"<html>Bad gateway</html>"), [2.0]),
        (says(200, b"\x1f\x8bno gzip", Content_Encoding="gzip"), [2.0]),
    ],
)
def test_what_may_pass_is_asked_again_later(
    there: server.Register, act: Callable[..., None], waits: list[float]
) -> None:
    there.script = [act]
    asking, waited = client(there)
    assert asking.fetch(STAMP) is None
    assert waited == [*waits, 1.0]


def test_a_moment_to_come_back_at_is_waited_for(there: server.Register) -> None:
    there.script = [says(429, Retry_After=format_datetime(datetime.now(UTC) + timedelta(seconds=60), usegmt=True))]
    asking, waited = client(there)
    assert asking.fetch(STAMP) is None
    assert 55 < waited[0] <= 60


@pytest.mark.parametrize(
    ("act", "code"),
    [
        (says(429), "busy"),
        (says(500), "server"),
        (server.cut_off, "cut_off"),
        (server.half, "cut_off"),
        (server.hang_up, "unreachable"),
        (server.silent, "slow"),
        (server.drip, "slow"),
        (says(200, b'{"studies": NaN}'), "cut_off"),
        (says(200, b"[" * 100_000), "cut_off"),
        (says(200, b"\xff\xfe"), "cut_off"),
    ],
)
def test_after_four_tries_it_is_given_up(there: server.Register, act: Callable[..., None], code: str) -> None:
    there.script = [None, *[act] * 4]
    assert failed(there) == (code, [1.0, 2.0, 1.0, 8.0, 1.0, 32.0, 1.0])


@pytest.mark.parametrize(
    ("act", "code"),
    [
        (says(400), "refused"),
        (says(403), "refused"),
        (says(404), "refused"),
        (says(302, Location="https://elsewhere.example/"), "moved"),
        (says(301, Location="/api/v3/studies"), "moved"),
        (says(204, b""), "refused"),
        (says(200, []), "changed"),
        (says(200, {}), "changed"),
        (says(200, {"studies": {}, "totalCount": 0}), "changed"),
        (says(200, {"studies": ["NCT00000001"], "totalCount": 1}), "changed"),
        (says(200, {"studies": []}), "changed"),
        (says(200, {"studies": [], "totalCount": "3"}), "changed"),
        (says(200, {"studies": [], "totalCount": True}), "changed"),
        (says(200, {"studies": [], "totalCount": 3}), "empty_page"),
        (says(200, {"studies": [{}], "totalCount": 3}), "missing"),
        (says(200, {"studies": [{}], "totalCount": 3, "nextPageToken": 5}), "changed"),
        (says(200, {"studies": [{}], "totalCount": 3, "nextPageToken": ""}), "changed"),
        (says(200, b" " * 300_000), "too_much"),
        (says(200, gzip.compress(b" " * 50_000_000), Content_Encoding="gzip"), "too_much"),
        (says(429, Retry_After="3600"), "busy"),
    ],
)
def test_what_will_not_pass_is_an_error_at_once(there: server.Register, act: Callable[..., None], code: str) -> None:
    there.script = [None, act]
    assert failed(there, Limits(answer_bytes=200_000)) == (code, [1.0])


def test_a_token_that_repeats_is_an_error(there: server.Register) -> None:
    there.script = [None, *[says(200, {"studies": [study(1)], "totalCount": 9, "nextPageToken": "again"})] * 9]
    assert failed(there)[0] == "same_token"
    assert len(there.asked) == 3


def test_pages_without_an_end_are_an_error(there: server.Register) -> None:
    def another(handler: server.Handler) -> None:
        token = f"token-{len(there.asked)}"
        handler.answer(200, {"studies": [], "totalCount": 9, "nextPageToken": token})

    there.script = [None, *[another] * 200]
    assert failed(there)[0] == "too_much"
    assert len(there.asked) == 101


@pytest.mark.parametrize("stamp", [None, 5, "", "<script>", "2026-11-20" * 9])
def test_a_version_of_another_form_is_an_error(there: server.Register, stamp: object) -> None:
    there.stamp = stamp
    assert failed(there)[0] == "changed"


def test_all_together_may_not_take_too_long(there: server.Register) -> None:
    there.script = [says(500)] * 4
    assert failed(there, Limits(all_seconds=5)) == ("server", [2.0, 1.0])


@pytest.mark.parametrize(
    "base",
    [
        "http://clinicaltrials.gov/api/v2",
        "http://10.0.0.1/",
        "ftp://127.0.0.1/",
        "file:///etc/passwd",
        "",
        "http://[::",
    ],
)
def test_only_https_is_spoken_with_others(base: str) -> None:
    with pytest.raises(RegisterError) as error:
        Register(base, ["one"]).fetch("")
    assert error.value.code == "setting"


def test_nobody_there_is_an_error() -> None:
    with server.running() as gone:
        base = gone.base
    asking = Register(base, ["one"], wait=lambda _seconds: None)
    with pytest.raises(RegisterError) as error:
        asking.fetch("")
    assert error.value.code == "unreachable"
    assert asking.requests == 4


def test_a_server_without_a_good_certificate_is_an_error(there: server.Register) -> None:
    asking = Register(there.base.replace("http://", "https://"), ["one"], wait=lambda _seconds: None)
    with pytest.raises(RegisterError) as error:
        asking.fetch("")
    assert error.value.code == "certificate"
