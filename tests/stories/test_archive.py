"""The archive: all of one's own and nobody else's, made while it is sent, readable without a network."""

from __future__ import annotations

import base64
import html
import io
import json
import re
import tracemalloc
import zipfile
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

import content
from accounts.actions import issue_codes
from accounts.codes import new_code
from accounts.keys import seal
from accounts.models import Consent, RecoveryCode, Reminder, Role, User
from accounts.weekly import week_of
from moderation.actions import choose, report
from moderation.own_choices import chosen_at_work
from moderation.own_reports import reports_of
from stories.actions import react, save_for_later
from stories.archive import all_of, files
from stories.archived_texts import month_of
from stories.models import Contribution, Outcome, Reaction, Revision, SavedItem, house_rules, this_month
from stories.owners import Owner
from stories.zipped import zipped
from tests import make
from tests.accounts.person import sign_in
from tests.accounts.test_passkeys import held as with_passkey
from tests.architecture.answers import judged
from tests.architecture.canaries import planted
from tests.stories.test_leaving import EXPORT, proven

ADDRESS = "kanaria@example.org"


def unpacked(answer: Any) -> dict[str, str]:
    """Return the files of an archive that a page gave."""
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/zip")
    assert answer["Content-Disposition"] == 'attachment; filename="export.zip"'
    assert judged(answer, "") == []
    assert answer.streaming
    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as archive:
        assert archive.testzip() is None
        assert {one.date_time for one in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        return {name: archive.read(name).decode() for name in archive.namelist()}


def reminded(user: User) -> Reminder:
    """Switch somebody's reminder on."""
    one = Reminder(user=user, language="en")
    padded = ADDRESS.encode().ljust(256, b"\0")
    from django.conf import settings

    one.address = seal(settings.ADDRESS_KEYS, "reminder address", padded, place=one.pk.bytes)
    one.save(force_insert=True)
    return one


def secrets_of(user: User) -> set[str]:
    """Return every digest, secret, tag and seal that is about somebody, as it might be written."""
    owner = Owner.of_account(user)
    kept = [owner.secret, *owner.tags()[:40], *RecoveryCode.objects.values_list("digest", flat=True)]
    for model, names in (
        (Contribution, ("owner_tag", "voice", "person_seal")),
        (SavedItem, ("owner_tag", "mark")),
        (Reaction, ("mark",)),
        (Reminder, ("address",)),
    ):
        kept += [value for row in model.objects.values_list(*names) for value in row]
    salts = [str(salt) for salt in Revision.objects.values_list("salt", flat=True)]
    raw = [bytes(one) for one in kept]
    return {one.hex() for one in raw} | {base64.b64encode(one).decode() for one in raw} | {user.password, *salts}


@pytest.mark.django_db
def test_the_archive_holds_all_of_ones_own_and_nothing_of_others(member: User) -> None:
    other = make.member()
    mine, theirs = Owner.of_account(member), Owner.of_account(other)
    ground = planted(mine)
    foreign = make.published(theirs, title="About kanariforeign", text=f"{make.TEXT} kanariforeign")
    make.published_reply(foreign, theirs, text=f"{make.REPLY} kanariforeign")
    make.published_reply(Publication_of(ground), theirs, text=f"{make.REPLY} kanariforeign")
    for who, words in ((mine, "kanarireported"), (theirs, "kanariforeign")):
        react(foreign, kind="g1", owner=who)
        save_for_later(foreign, owner=who)
        report(foreign, rules=["kind"], text=words, owner=who)
    issue_codes(member)
    reminded(member)
    sign_in(Client(headers={"user-agent": "Mozilla/5.0 Firefox/140.0"}), member.handle, make.PASSWORD)
    found = unpacked(proven(member).post(EXPORT))
    assert set(found) == {"data.json", "index.html"}
    own = {word.decode() for name, word in ground.words.items() if name != "reported_words"}
    for name, text in found.items():
        assert {word for word in own if word not in text} == set(), name
        assert "kanarireported" in text
        assert "kanariforeign" not in text
        assert ground.words["reported_words"].decode() not in text  # what another reader told about mine
        assert other.handle not in text
        assert member.handle in text
        assert ADDRESS in text
        assert {secret for secret in secrets_of(member) if secret in text} == set()
    data = json.loads(found["data.json"])
    assert {text["id"] for text in data["texts"]} == {
        str(pk) for pk in Contribution.objects.owned_by(mine).values_list("pk", flat=True)
    }
    assert data["saved"] == [{"id": str(foreign.pk), "address": f"/stories/{foreign.pk}/"}]
    assert [(one["id"], one["sign"]) for one in data["reactions"]] == [(str(foreign.pk), "g1")]
    assert [(one["id"], one["text"]) for one in data["reports"]] == [(str(foreign.pk), "kanarireported")]
    assert {"document": "rules", "version": "1", "month": month_of(this_month())} in data["account"]["agreed_to"]
    assert data["account"]["passkeys"] == 0
    assert {"browser": "Firefox", "week": week_of(timezone.now().date()).isoformat()} in data["account"]["visits"]
    theirs_only = unpacked(proven(other).post(EXPORT))
    assert {word for word in own if any(word in text for text in theirs_only.values())} == set()


def Publication_of(ground: Any) -> Any:  # noqa: N802 - reads as the thing it returns
    from stories.models import Publication

    return Publication.objects.filter(pk__in=ground.contributions, parent=None, contribution__suppression=None)[0]


@pytest.mark.django_db
@pytest.mark.parametrize(("language", "title"), [("en", "What is yours"), ("es", None)])
def test_the_page_stands_alone_in_the_readers_language(member: User, language: str, title: str | None) -> None:
    owner = Owner.of_account(member)
    story = make.published(owner, title="<b>Bold</b>")
    make.published_reply(make.published(), owner)
    report(story, rules=["kind"], text="", owner=owner)
    found = unpacked(proven(member).post(EXPORT, headers={"accept-language": language}))["index.html"]
    assert f"{this_month():%Y-%m}" not in found, "months are in words"
    assert title is None or found.count("<h3>Your answer</h3>") == 1
    assert f'<html lang="{language}"' in found
    assert "&lt;b&gt;Bold&lt;/b&gt;" in found
    assert "<b>Bold" not in found
    assert re.findall(r"(?:src|href|url\()", found) == []
    assert "prefers-color-scheme: dark" in found
    assert re.search(r"<title>(.*)</title>", found).group(1) in {"Export", "Exportación", "Exportar"}
    assert title is None or title in found


@pytest.mark.django_db
def test_the_page_says_in_words_what_are_codes_in_the_data(member: User) -> None:
    owner, foreign = Owner.of_account(member), make.published()
    User.objects.filter(pk=member.pk).update(reading_choices=["w1", "-r2"], theme="dark", language="es")
    react(foreign, kind="c1", owner=owner)
    report(foreign, rules=["kind"], text="", owner=owner)
    sign_in(Client(), member.handle, make.PASSWORD)
    with_passkey(member)
    TOTP.activate(member, generate_totp_secret())
    Consent.objects.create(user=member, document="letters", version="7", month=this_month())  # no document any more
    again = User.objects.get(pk=member.pk)
    of = all_of(again, reports_of, chosen_at_work)
    page = html.unescape("".join(dict(files(of, "en"))["index.html"]))
    pack, monday = content.load("en"), date_format(week_of(timezone.now().date()), "DATE_FORMAT")
    for words in (
        "An app on a telephone", "Passkeys", "Key 1", "House rules, version 1", "letters, version 7",
        f"Another browser: Signed in during the week of {monday}", "Leave out partners’ stories", "Dark",
        "Español", pack.warnings[0].label, next(one.label for one in pack.reactions if one.code == "c1"),
        next(one.title for one in house_rules("en") if one.code == "kind"),
    ):  # fmt: skip
        assert words in page, words
    codes = r"(?:>|, |· )(rules|adult|w1|-r2|c1|totp|webauthn|kind|member|dark|es|en)(?:<|,| ·)"
    assert re.findall(codes, page) == []
    account = json.loads("".join(dict(files(of, "en"))["data.json"]))["account"]
    assert (account["second_steps"], account["passkeys"]) == (["totp"], 1), "a member's passkey is another way in"
    assert {"document": "letters", "version": "7", "month": month_of(this_month())} in account["agreed_to"]


@pytest.mark.django_db
def test_a_link_downloads_nothing(member: User) -> None:
    asked = proven(member).get(EXPORT, headers={"sec-purpose": "prefetch"})
    assert asked["Content-Type"].startswith("text/html")
    assert not asked.streaming


@pytest.mark.django_db
def test_a_receipt_takes_one_text_with_it() -> None:
    code = new_code()
    by = Owner.of_code(code)
    text, second = make.waiting(by, title="About kanarione"), make.waiting(by, title="About kanaritwo")
    make.decided(text, Outcome.REFUSE, text="A note with kanarinote in it.")
    browser, where = Client(), reverse("stories:export", args=[text.contribution_id])
    assert browser.post(where).status_code == 404
    browser.post("/stories/receipt/", {"code": code})
    for held in unpacked(browser.post(where)).values():
        assert "kanarione" in held
        assert "kanarinote" in held
        assert "kanaritwo" not in held
        assert code not in held
    assert "Take this text along" in browser.get(where).content.decode()
    assert second.contribution_id


@pytest.mark.django_db
def test_an_address_that_no_key_opens_is_left_out_and_all_else_is_there(member: User, settings: Any) -> None:
    reminded(member)
    make.draft(Owner.of_account(member), title="About kanarione")
    browser = proven(member)
    settings.ADDRESS_KEYS = [b"w" * 32]
    held = unpacked(browser.post(EXPORT))
    assert json.loads(held["data.json"])["account"]["weekly_reminder"] == {
        "is_on": True,
        "address": "",
        "language": "en",
    }
    assert all("kanarione" in one for one in held.values())
    assert ADDRESS not in "".join(held.values())


@pytest.mark.django_db
def test_who_works_here_takes_their_account() -> None:
    staff = make.moderator(role=Role.EDITOR)
    data = json.loads(unpacked(proven(staff).post(EXPORT))["data.json"])
    assert data["account"]["role"] == "editor"
    assert data["account"]["second_steps"] == ["totp"]
    with_passkey(staff)
    again = json.loads(unpacked(proven(staff).post(EXPORT))["data.json"])
    assert again["account"]["second_steps"] == ["totp", "webauthn"], "there it is a second step"
    assert data["texts"] == []
    assert "alert_address" not in data["account"]


@pytest.mark.django_db
def test_who_reviews_takes_along_what_they_chose() -> None:
    staff = make.moderator()
    choose(staff, languages=["es"], leaves=["w1", "crisis"], address=ADDRESS)
    found = unpacked(proven(staff).post(EXPORT))
    account = json.loads(found["data.json"])["account"]
    assert (account["languages_read"], account["topics_left_to_others"]) == (["es"], ["w1", "crisis"])
    assert account["alert_address"] == ADDRESS
    topics = (content.load("en").warnings[0].label, "Somebody who may be in danger", "Spanish", ADDRESS)
    assert [words for words in topics if words not in html.unescape(found["index.html"])] == []


def most_held(member: User) -> tuple[int, int]:
    """Return how many bytes an archive has, and how many were held at most while it was made."""
    of = all_of(member, reports_of, chosen_at_work)
    tracemalloc.start()
    size = sum(len(piece) for piece in zipped(files(of, "en")))
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return size, most


@pytest.mark.django_db
def test_no_archive_is_held_as_a_whole(member: User) -> None:
    owner, found = Owner.of_account(member), []
    for _part in range(2):
        for _number in range(40):
            make.draft(owner, text="A long line of words. " * 1_000)
        most_held(member)  # the first time templates are read, too
        found.append(most_held(member))
    (small, held_small), (large, held_large) = found
    assert large > 1.9 * small
    assert held_large < 1.3 * held_small, found
