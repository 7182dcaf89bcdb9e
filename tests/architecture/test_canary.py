"""Plant a marked word in every state and field, then look for it everywhere, as everybody."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.codes import new_code
from accounts.models import Role, User
from advice.models import Version
from moderation.actions import claim
from moderation.models import Case
from stories.models import PublicationQuerySet, Revision
from stories.owners import Owner
from stories.search.sealed import seal_words
from tests import make
from tests.architecture.canaries import AT_THE_DESK, FOR_MEMBERS, PUBLIC, SAID, TREATMENT, UNSEEN, Field, planted
from tests.architecture.crawling import WORD, addresses, crawl, odd
from tests.architecture.desks import HELD, cases


@pytest.fixture
def ground(db: None, member: User) -> Field:
    return planted(Owner.of_account(member))


def everywhere(ground: Field) -> list[str]:
    cases = list(Case.objects.values_list("pk", flat=True))
    revisions = list(Revision.objects.values_list("pk", flat=True)[:2])
    others = [*revisions, ground.contributions[0], cases[0]]
    threads = [f"/stories/reply/{story}/{answer}/" for story, answer in ground.answers]
    desk = [f"/desk/versions/{pk}/" for pk in Version.objects.values_list("pk", flat=True)]
    return [*addresses(ground.contributions, cases, others), *threads, *desk, *odd(), searched()]


def searched() -> str:
    """Return the address of a search for what every planted word begins with."""
    return f"/search/?q={seal_words('kanari')}"


def leaks(seen: dict[bytes, str], allowed: set[bytes]) -> dict[bytes, str]:
    return {found: place for found, place in seen.items() if found not in {*allowed, SAID.encode()}}


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["visitor", "other receipt", "other member", "no second factor", "editor", "clinician"])
def test_readers_find_what_was_approved_and_nothing_else(who: str, ground: Field) -> None:
    people = {
        "visitor": lambda: None,
        "other receipt": lambda: None,
        "other member": lambda: ground.reader,
        "no second factor": lambda: make.moderator(second_factor=False),
        "editor": lambda: make.moderator(role=Role.EDITOR),
        "clinician": lambda: make.moderator(role=Role.CLINICIAN),
    }
    client = make.client_of(people[who](), enforce_csrf_checks=True)
    if who == "other receipt":
        session = client.session
        session["receipt"] = new_code()
        session.save()
    methods = ("head", "options", "put") if who == "visitor" else ()
    assert ground.named("approved") & set(WORD.findall(client.get(searched()).content)) != set()
    if who == "other member":
        assert client.get(reverse("stories:saved")).content.count(b"no longer here") == len(
            ["withdrawn", "hidden", "removed"]
        )
    for_them = () if who in {"visitor", "other receipt"} else FOR_MEMBERS
    seen = crawl(client, everywhere(ground), methods)
    works = AT_THE_DESK if who in {"editor", "clinician"} else set()
    assert leaks(seen, ground.named(*PUBLIC, *for_them) | works) == {}
    assert seen.keys() & AT_THE_DESK == works
    assert SAID.encode() in seen
    there = ground.named("approved", "answered", *for_them)
    assert there <= set(seen), "what was approved is there, so the crawl can find it"


@pytest.mark.django_db
def test_owners_find_their_own(ground: Field, member_client: Client) -> None:
    seen = crawl(member_client, everywhere(ground))
    expected = ground.named(*PUBLIC, "pending", "waiting", "asked", "refused", "removed", "draft", "halfdraft")
    titles = {value for key, value in ground.words.items() if key.endswith("_title")}
    assert expected & titles <= set(seen)
    assert set(seen) >= UNSEEN
    assert ground.words["refused_note"] in seen
    assert ground.words["asked_note"] in seen
    assert ground.named("proposed", "appeal", "message") <= set(seen)
    answers = ("answered", "answerasked", "answerrefused", "answerdraft", "answerback", "answertakenback")
    assert ground.named(*answers) - {ground.words["answerasked_note"], ground.words["answerrefused_note"]} <= set(seen)


@pytest.mark.django_db
def test_receipt_holders_find_their_own_and_no_others(ground: Field) -> None:
    code = new_code()
    mine = Field(Owner.of_code(code), ground.reader)
    mine.plant("receiptdraft")
    client = Client()
    client.post(reverse("stories:receipt"), {"code": code})
    seen = crawl(client, [*everywhere(ground), *everywhere(mine)])
    assert leaks(seen, ground.named(*PUBLIC) | mine.named("receiptdraft") | UNSEEN) == {}
    assert mine.words["receiptdraft_title"] in seen


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kind", "role"),
    [("new", Role.LEAD), ("edit", Role.MODERATOR), ("hidden", Role.LEAD), ("appeal", Role.MODERATOR)],
)
def test_moderators_find_what_they_hold_and_no_author(ground: Field, settings: Any, kind: str, role: Role) -> None:
    colleague = make.moderator(role=role)
    claim(cases(ground, settings)[kind].pk, moderator=colleague)
    # What they hold changes pages of the desk alone; one of each role opens all others too.
    within = "/" if kind in {"new", "edit"} else "/moderation/"
    seen = crawl(make.client_of(colleague), everywhere(ground), within=within)
    assert leaks(seen, ground.named(*PUBLIC, *FOR_MEMBERS, *HELD[kind])) == {}
    assert set(seen) & ground.named(*HELD[kind]) != set()


@pytest.mark.django_db
def test_the_crawl_goes_red_when_a_hidden_text_is_shown(ground: Field, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(PublicationQuerySet, "readable_by", lambda self, reader: self)
    seen = crawl(make.client_of(), everywhere(ground))
    found = leaks(seen, ground.named(*PUBLIC))
    assert ground.named("hidden", "members") <= set(found)
    for address in (searched(), f"/treatments/{TREATMENT}/", reverse("feed"), reverse("stories:list")):
        page = set(WORD.findall(make.client_of().get(address).content))
        assert ground.named("hidden") & page, address
        assert ground.named("members") & page or address == reverse("feed"), "it has no place for these at all"
    assert ground.words["hidden_title"] in make.client_of(ground.reader).get(reverse("stories:saved")).content
