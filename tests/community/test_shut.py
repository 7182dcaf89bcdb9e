"""While a restore is under way, was cut off, or has still to forget again what was erased, nobody reads or writes."""

from __future__ import annotations

import io
import itertools
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote

import pytest
from django.conf import settings as site
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts import journal
from community import health, replacing, roles
from community.local import OperatorError
from stories.actions import erase_text
from stories.models import Publication
from tests import make
from tests.architecture.access import table
from tests.architecture.test_access import address, people
from tests.stories.test_posting import back
from tests.stories.writing import TYPED, open_form

__all__ = ["people"]
pytestmark = [pytest.mark.alone, pytest.mark.django_db(transaction=True)]  # other servers would meet a shut site


@contextmanager
def as_the_owner() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f'SET ROLE "{site.WEB_ROLE}"')


def under_way() -> None:
    """What was there is set aside, and nothing has come back yet."""
    replacing._set_aside()


def owed(known: str = "") -> None:
    """All came back, and what was erased since as well."""
    replacing._set_aside()
    with connection.cursor() as cursor:
        for rights in ("TABLES", "SEQUENCES", "FUNCTIONS"):
            cursor.execute(f'REVOKE ALL ON ALL {rights} IN SCHEMA {replacing.ASIDE} FROM "{site.WEB_ROLE}"')
    replacing._move(replacing.ASIDE, "public")
    replacing._run(f"DROP SCHEMA {replacing.ASIDE}")
    replacing.owe_replay(known)


@contextmanager
def being(shut: Callable[[], None]) -> Iterator[None]:
    """Shut the site in one of these ways, and open it again."""
    with as_the_owner():
        shut()
    try:
        yield
    finally:
        with as_the_owner():
            replacing._put_back()
            replacing.settle_replay()
            roles.grant(connection.connection, site.WEB_ROLE)


WAYS = [under_way, owed]


def test_no_page_breaks_and_none_shows_a_text_while_the_site_is_shut(
    key_known: None, people: tuple[dict[str, Client], dict[str, Any]]
) -> None:
    clients, objects = people
    found: dict[int, set[str]] = {}
    visitor, member, lead = (clients[one] for one in ("visitor", "member", "lead"))
    asked = [(visitor, "GET"), (member, "GET"), (member, "POST"), (lead, "GET")]
    for client in (visitor, member, lead):
        client.raise_request_exception = False
    with being(owed):
        rows = sorted(table(), key=lambda row: row[0] == "community:leave")  # last: it ends the visit
        for (name, thing), (client, method) in itertools.product(rows, asked):
            answer = client.generic(method, address(name, objects[thing] if thing else None))
            found.setdefault(answer.status_code, set()).add(name)
            assert make.TEXT[:40] not in answer.content.decode(errors="replace"), name
    assert not {500, 400} & set(found), {status: sorted(found[status]) for status in (500, 400) if status in found}
    assert {"community:home", "stories:list", "stories:detail", "stories:mine", "moderation:queue"} <= found[503]
    assert {"advice:help_now", "community:healthz", "community:privacy"} <= found[200]
    assert "community:leave" in found[303]


@pytest.mark.parametrize("shut", WAYS)
def test_a_page_says_that_it_takes_a_moment(key_known: None, shut: Callable[[], None]) -> None:
    live, visitor = make.published(), Client(raise_request_exception=False)
    with being(shut):
        answer = visitor.get(reverse("stories:detail", args=[live.pk]))
        assert answer.status_code == 503
        assert int(answer.headers["Retry-After"]) > 0
        assert visitor.get("/help-now/").status_code == 200
        left = visitor.get("/leave/")
        assert (left.status_code, left["Location"]) == (303, site.LEAVE_TARGET)
    assert visitor.get(reverse("stories:detail", args=[live.pk])).status_code == 200


@pytest.mark.parametrize("shut", WAYS)
@pytest.mark.parametrize("who", ["member", "visitor"])
def test_what_was_typed_is_given_back_while_the_site_is_shut(
    key_known: None, who: str, shut: Callable[[], None], settings: Any
) -> None:
    settings.VISITOR_LEAST_SECONDS = 0
    writer = make.client_of(make.member() if who == "member" else None, raise_request_exception=False)
    writing = open_form(writer)
    with being(shut):
        again = back(writing.post(writer, **TYPED), 503, "We could not save this just now.")
    assert again.post(writer).status_code == 303


def test_the_site_opens_when_what_was_erased_is_erased_again(key_known: None, settings: Any, tmp_path: Any) -> None:
    settings.ERASURE_JOURNAL = tmp_path / "erased"
    by = make.owner()
    gone, stays = make.published(by), make.published()
    with pytest.raises(OperatorError, match="still needed for"):
        call_command("replay_erasures", "--without-journal")
    erase_text(gone.pk, owner=by)
    with being(owed):
        ready = Client().get("/readyz")
        assert (ready.status_code, ready.content.decode()) == (503, f"Database: ok\nRestore: {replacing.OWES}\n")
        with pytest.raises(OperatorError, match="set DATABASE_OWNER_URL"):
            call_command("replay_erasures")
        with as_the_owner():
            with pytest.raises(OperatorError, match="the site is shut"):
                call_command("migrate", verbosity=0)
            with pytest.raises(OperatorError, match="without --without-journal"):
                call_command("replay_erasures", "--without-journal")
            call_command("replay_erasures", "--dry-run", stdout=io.StringIO())
        assert Client(raise_request_exception=False).get("/").status_code == 503, "only a whole replay opens it"
        with as_the_owner():
            call_command("replay_erasures", stdout=io.StringIO())
        assert replacing.shut() == ""
        assert Client().get(reverse("stories:detail", args=[stays.pk])).status_code == 200
        assert not Publication.objects.filter(pk=gone.pk).exists()


def test_who_lost_the_journal_for_good_says_so(key_known: None, settings: Any, tmp_path: Any) -> None:
    settings.ERASURE_JOURNAL = tmp_path / "lost"
    make.published()
    out = io.StringIO()
    with being(owed), as_the_owner():
        with pytest.raises(OperatorError, match="There is no journal"):
            call_command("replay_erasures")
        assert replacing.owes_replay()
        call_command("replay_erasures", "--without-journal", stdout=out)
        assert not replacing.owes_replay()
    assert "What was erased, withdrawn or taken down since the backup stays as it was then." in out.getvalue()


def test_nothing_opens_the_site_by_mistake(key_known: None, settings: Any, tmp_path: Any) -> None:
    settings.ERASURE_JOURNAL = noted = tmp_path / "erased"
    by = make.owner()
    gone = make.published(by)
    erase_text(gone.pk, owner=by)
    known, whole = journal.read().known(), noted.read_text()

    def refused(*words: str, match: str) -> None:
        with as_the_owner(), pytest.raises((OperatorError, CommandError), match=match):
            call_command("replay_erasures", *words)
        assert replacing.owes_replay()

    with being(lambda: owed(known)):
        noted.write_text("")
        for words in ([], ["--dry-run"]):
            refused(*words, match="does not begin with the 1 lines that the backup knew")
        noted.unlink()
        refused("--dry-run", "--without-journal", match="not allowed with")
        noted.mkdir()  # there, but it cannot be read
        refused("--without-journal", match="cannot be read: Is a directory")
        noted.rmdir()
        noted.write_text(whole)
        with as_the_owner():
            call_command("replay_erasures", stdout=io.StringIO())
        assert not replacing.owes_replay()
    with being(lambda: owed(known)), as_the_owner():
        noted.write_text("")
        call_command("replay_erasures", "--old-journal", stdout=io.StringIO())
        assert not replacing.owes_replay()


@pytest.mark.parametrize("shut", WAYS)
def test_with_one_role_nothing_starts_while_the_site_is_shut(
    key_known: None, settings: Any, caplog: pytest.LogCaptureFixture, shut: Callable[[], None]
) -> None:
    settings.ONE_ROLE = True  # as in a process that knows DATABASE_URL alone
    health.look_at_start()
    with being(shut):
        why = replacing.shut()
        health.look_at_start()
        assert [one.getMessage() for one in caplog.records if one.levelname == "CRITICAL"] == [why]
        with as_the_owner(), pytest.raises(OperatorError) as refused:
            health.look_at_start()
        with as_the_owner(), pytest.raises(OperatorError):  # who looked has hung up
            call_command("work")
        settings.ONE_ROLE = False
    assert str(refused.value) == why


def test_the_site_starts_before_its_database_does(key_known: None, database_down: None, settings: Any) -> None:
    settings.ONE_ROLE = True
    health.look_at_start()
    assert Client().get("/readyz").status_code == 503
    assert Client().get("/help-now/").status_code == 200


@pytest.mark.parametrize("is_owner", [False, True])
def test_who_knows_one_address_of_the_database_asks_it_who_they_are(key_known: None, is_owner: bool) -> None:
    """The manual keeps DATABASE_OWNER_URL away from web server and worker."""
    known = connection.settings_dict
    user = [known["USER"], known["PASSWORD"]] if is_owner else [site.WEB_ROLE, site.WEB_PASSWORD]
    who, host = ":".join(map(quote, user)), quote(known["HOST"] or known["OPTIONS"]["host"], safe="")
    told = {name: value for name, value in os.environ.items() if name != "DATABASE_OWNER_URL"}
    told |= {"DATABASE_URL": f"postgres://{who}@/{known['NAME']}?host={host}&port={known['PORT'] or 5432}"}
    start = "import django; django.setup(); from community import health; health.look_at_start()"
    with being(owed):
        ran = subprocess.run(
            [sys.executable, "-c", start],
            env=told | {"DJANGO_SETTINGS_MODULE": "community.settings"},
            capture_output=True,
            check=False,
        )
    assert (ran.returncode, replacing.OWES in ran.stderr.decode()) == (int(is_owner), True)
