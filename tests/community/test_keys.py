"""The site's keys: made by a command, known by the database, and changed without losing anything."""

from __future__ import annotations

import base64
import io
import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings as site
from django.core.management import CommandError, call_command
from pyrage import x25519

from accounts.actions import issue_codes
from accounts.keys import SealError, seal, unseal
from accounts.models import Reminder, Session
from accounts.sessions import SessionStore
from community import health
from community.actions import rotating
from community.local import SECRET_NAMES, OperatorError
from moderation.models import Place
from moderation.models.desk import sealed_address
from stories.actions import check_keys
from stories.models import Contribution, KeyCheck
from stories.owners import person_of
from tests import make
from tests.architecture.source import ROOT
from tests.moderation.dying import dies
from tests.stories.writing import TYPED, open_form

LISTS = ("OWNERSHIP_KEYS", "SESSION_KEYS", "ADDRESS_KEYS")


def make_keys(*options: str) -> subprocess.CompletedProcess[str]:
    """Run the command in an environment that has nothing of a site's."""
    return subprocess.run(
        [sys.executable, "manage.py", "make_keys", *options],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "HOME": "/nonexistent"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_keys_are_made_before_there_are_settings() -> None:
    made = dict(line.split("=", 1) for line in make_keys().stdout.splitlines())
    assert list(made) == list(SECRET_NAMES)
    assert {len(base64.urlsafe_b64decode(key)) for key in made.values()} == {32}
    assert len(set(made.values())) == len(SECRET_NAMES)


def test_a_file_of_keys_is_for_its_owner_and_never_overwritten(tmp_path: Path) -> None:
    file = tmp_path / "keys"
    done = make_keys("--env", str(file))
    kept = file.read_text()
    assert done.returncode == 0
    assert not set(kept.split()) & set(done.stdout.split())
    assert file.stat().st_mode & 0o777 == 0o600
    again = make_keys("--env", str(file))
    assert (again.returncode, again.stderr.count("\n"), file.read_text()) == (1, 1, kept)


def test_the_pair_of_the_backups_is_made_apart(tmp_path: Path) -> None:
    file = tmp_path / "pair"
    told = make_keys("--backup", str(file)).stdout
    pair = x25519.Identity.from_str(file.read_text().splitlines()[-1])
    assert told == f"BACKUP_RECIPIENT={pair.to_public()}\n"
    assert str(pair) not in told
    assert make_keys("--backup", str(file)).returncode == 1


@pytest.mark.django_db
@pytest.mark.parametrize("name", LISTS)
def test_a_wrong_key_is_named(name: str, settings: Any) -> None:
    assert check_keys() == []
    right = getattr(settings, name)
    setattr(settings, name, [b"w" * 32])
    assert check_keys() == [name]
    todo = {check.subject: check.ask() for check in health.READINESS}
    assert name in todo["Ownership key" if name == "OWNERSHIP_KEYS" else "Other keys"]
    setattr(settings, name, [b"n" * 32, *right])
    assert check_keys() == []


def unwell() -> list[str]:
    """Return what the readiness page names of the keys."""
    return [check.subject for check in health.READINESS if "key" in check.subject.lower() and check.ask()]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", ["SESSION_KEYS", "ADDRESS_KEYS"])
def test_a_key_that_is_lost_is_over_one_day(name: str, full: Site, settings: Any) -> None:
    setattr(settings, name, [b"n" * 32])
    todo = {check.subject: check.ask() for check in health.READINESS}["Other keys"]
    manual = todo.rpartition("manage.py ")[2].split()
    assert manual == ["remember_key", "--anew", name]
    call_command(*manual, stdout=io.StringIO())
    assert (check_keys(), unwell()) == ([], [])
    with pytest.raises(OperatorError, match="fit this database: nothing to do"):
        call_command(*manual)
    # What the lost key sealed opens no more, and holds up no change of keys.
    settings.OWNERSHIP_KEYS = [b"o" * 32, *settings.OWNERSHIP_KEYS]
    settings.SESSION_KEYS, settings.ADDRESS_KEYS = (
        [b"y" * 32, *keys] for keys in (site.SESSION_KEYS, site.ADDRESS_KEYS)
    )
    with pytest.raises(OperatorError, match="No key in the environment opens some values"):
        call_command("rotate_keys", stdout=io.StringIO())
    settings.SESSION_KEYS = settings.ADDRESS_KEYS = [b"y" * 32]
    assert (check_keys(), unwell()) == ([], []), "the older ones may go"


@pytest.mark.django_db
def test_an_ownership_key_is_never_given_up(settings: Any) -> None:
    settings.OWNERSHIP_KEYS = [b"w" * 32]
    with pytest.raises(CommandError, match="invalid choice"):
        call_command("remember_key", "--anew", "OWNERSHIP_KEYS")
    assert check_keys() == ["OWNERSHIP_KEYS"]


@pytest.mark.django_db
@pytest.mark.parametrize("opened", ["before", "after"])
def test_under_a_wrong_ownership_key_a_text_comes_back(opened: str, settings: Any) -> None:
    browser, right = make.client_of(make.member()), settings.OWNERSHIP_KEYS
    settings.OWNERSHIP_KEYS = right if opened == "before" else [b"w" * 32]
    writing = open_form(browser)
    settings.OWNERSHIP_KEYS = [b"w" * 32]
    answer = writing.post(browser, **TYPED)
    assert answer.status_code == (409 if opened == "before" else 503)
    assert TYPED["text"].split("\n")[0] in answer.content.decode()
    assert not Contribution.objects.exists()


class Site:
    """One sealed value of each kind, more than one of most, and what each opens to."""

    def __init__(self) -> None:
        self.owner, self.members = make.owner(), [make.member() for _ in range(4)]
        self.texts = [make.waiting(self.owner).contribution_id for _ in range(5)]
        self.moderator = make.moderator()
        self.codes = issue_codes(self.members[0])
        self.secret = generate_totp_secret()
        TOTP.activate(self.members[1], self.secret)
        sealed = seal(site.SESSION_KEYS, "passkey", b'{"id": 1}', place=b"mfa_authenticator 5")
        Authenticator(
            pk=5, user=self.members[2], type="webauthn", data={"name": "1", "credential": sealed.hex()}
        ).save()
        Place(moderator=self.moderator, address=sealed_address(self.moderator, "a@harbour.example")).save()
        for member in self.members:
            one = Reminder(user=member)
            one.address = seal(site.ADDRESS_KEYS, "reminder address", member.pk.bytes, place=one.pk.bytes)
            one.save()
        self.browser = make.client_of(self.members[3])

    def opens(self) -> None:
        """Open everything under the keys of the moment."""
        assert len({person_of(one.pk, bytes(one.person_seal)) for one in Contribution.objects.all()}) == 1
        factor = Authenticator.objects.get(user=self.members[1])
        assert rotating.adapters.MFAAdapter().decrypt(factor.data["secret"]) == self.secret
        passkey = bytes.fromhex(Authenticator.objects.get(pk=5).data["credential"])
        assert unseal(site.SESSION_KEYS, "passkey", passkey, place=b"mfa_authenticator 5") == b'{"id": 1}'
        assert Place.objects.get().opened_address == "a@harbour.example"
        for one in Reminder.objects.all():
            opened = unseal(site.ADDRESS_KEYS, "reminder address", bytes(one.address), place=one.pk.bytes)
            assert opened == one.user_id.bytes


@pytest.fixture
def full(key_known: None) -> Site:
    """A site under its first keys."""
    return Site()


@pytest.fixture
def renewed(settings: Any) -> Iterator[dict[str, list[bytes]]]:
    """Give each list a newer key in front; return the newest alone."""
    newest = {name: [secrets.token_bytes(32)] for name in LISTS}
    for name, keys in newest.items():
        setattr(settings, name, [*keys, *getattr(settings, name)])
    return newest


def sealed_under_older() -> int:
    """Return how many values are not under the newest keys."""
    return sum(len(list(column.old())) for column in rotating.COLUMNS.values())


@pytest.mark.django_db(transaction=True)
def test_everything_sealed_moves_to_the_newest_keys(full: Site, renewed: dict[str, list[bytes]], settings: Any) -> None:
    before, out = sealed_under_older(), io.StringIO()
    tags = sorted(bytes(one.owner_tag) for one in Contribution.objects.all())
    assert before >= 5 + 3 + 1 + 4 + 1
    call_command("rotate_keys", stdout=out)
    assert sealed_under_older() == 0
    assert all(f"{name}: " in out.getvalue() for name in LISTS), "it says what the older ones are still needed for"
    assert f"Keep every older key until {settings.BACKUP_DAYS} days are over" in out.getvalue()
    assert full.browser.get("/stories/mine/").status_code == 200
    assert sorted(bytes(one.owner_tag) for one in Contribution.objects.owned_by(full.owner)) == tags
    for name, newest in renewed.items():
        setattr(settings, name, newest)
    full.opens()
    assert check_keys() == ["OWNERSHIP_KEYS"], "the last ownership key is the one that stays"
    for row in Session.objects.all():
        unseal(settings.SESSION_KEYS, "session payload", bytes(row.payload), place=bytes(row.digest))


@pytest.mark.django_db(transaction=True)
def test_killed_at_any_moment_it_goes_on_where_it_was(
    full: Site, renewed: dict[str, list[bytes]], settings: Any
) -> None:
    left, killed = [sealed_under_older()], 0
    for before in (3, 12, 25, 40, 61):
        killed += dies(lambda: call_command("rotate_keys", stdout=io.StringIO()), before=before)
        left.append(sealed_under_older())
        full.opens()
    assert killed >= 3
    assert left == sorted(left, reverse=True)
    assert len(set(left)) > 2, "some was done before each death, and stayed done"
    call_command("rotate_keys", stdout=io.StringIO())
    assert sealed_under_older() == 0
    for name, newest in renewed.items():
        setattr(settings, name, newest)
    full.opens()


@pytest.mark.django_db(transaction=True)
def test_each_text_moves_by_itself_in_an_order_of_its_own(full: Site, renewed: dict[str, list[bytes]]) -> None:
    column = rotating.COLUMNS["Texts"]
    orders = {tuple(rotating.chosen(column)) for _ in range(20)}
    assert len(orders) > 10
    rotating.rotate(column, rotating.chosen(column), done=lambda _count: None)
    with rotating.transaction.get_connection().cursor() as cursor:
        cursor.execute("SELECT count(DISTINCT xmin::text) FROM stories_contribution")
        assert cursor.fetchone() == (5,)


@pytest.mark.django_db(transaction=True)
def test_a_value_that_no_key_opens_stays_and_is_told(full: Site, renewed: dict[str, list[bytes]]) -> None:
    lost = Contribution.objects.all()[0]
    strange = seal([b"s" * 32], "person seal", b"person", place=lost.pk.bytes)
    Contribution.objects.filter(pk=lost.pk).update(person_seal=strange)
    with pytest.raises(OperatorError, match=r"stay as they are: Texts \(1\)\.$"):
        call_command("rotate_keys", stdout=io.StringIO())
    assert sealed_under_older() == 1
    with pytest.raises(SealError):
        person_of(lost.pk, bytes(Contribution.objects.get(pk=lost.pk).person_seal))


@pytest.mark.django_db
def test_wrong_keys_rotate_nothing(settings: Any) -> None:
    settings.SESSION_KEYS = [b"w" * 32]
    with pytest.raises(OperatorError, match="SESSION_KEYS do not fit this database"):
        call_command("rotate_keys", stdout=io.StringIO())
    assert KeyCheck.objects.count() == 3
    assert not SessionStore("none").load()


@pytest.mark.django_db
def test_a_visit_begun_after_the_change_outlives_the_older_session_key(settings: Any) -> None:
    user, older = make.member(), settings.SESSION_KEYS
    before = make.client_of(user)
    settings.SESSION_KEYS = [b"n" * 32, *older]
    after = make.client_of(user)
    assert [one.get("/accounts/devices/").status_code for one in (before, after)] == [302, 302]
    for one in (before, after):
        one.get("/accounts/")
        assert one.get("/accounts/").status_code == 200, "both keys are there"
    settings.SESSION_KEYS = settings.SESSION_KEYS[:1]
    assert after.get("/accounts/").status_code == 200
    assert before.get("/accounts/")["Location"].startswith("/accounts/login/")
    after.post("/accounts/logout/")
    assert after.get("/accounts/").status_code == 302
