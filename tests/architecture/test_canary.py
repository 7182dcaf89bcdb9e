"""Plant a marked word in every state and field, then look for it everywhere, as everybody."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from accounts.codes import new_code
from accounts.models import Role, User
from moderation.actions import report
from moderation.models import Case
from stories.actions import take_back, withdraw
from stories.lifecycle import State
from stories.models import Outcome, Publication, PublicationQuerySet, Revision, Suppression
from stories.owners import Owner
from stories.search.sealed import seal_words
from tests import make

WORD = re.compile(rb"kanari[a-z]+end")
HREF = re.compile(r"""(?:href|action|src)=["']([^"'#]+)""")
ENDS_THE_VISIT = ("/leave/", "/accounts/logout/", "/static/", "/live/")
MOST_PAGES = 400
# One page stands for those of all treatments, which are many and made alike.
TREATMENT = "t01"
ONE_FOR_ALL = re.compile(rf"/treatments/(?!{TREATMENT}/)")


def word(name: str) -> str:
    return f"kanari{name.replace('_', '')}end"


@dataclass
class Field:
    """What was planted: every word by the name of its place, and the ids to look behind."""

    owner: Owner
    words: dict[str, bytes] = field(default_factory=dict)
    contributions: list[Any] = field(default_factory=list)
    answers: list[tuple[Any, Any]] = field(default_factory=list)  # each with its story before it

    def typed(self, name: str) -> dict[str, Any]:
        """Return a title, a text and a tip that may be quoted, each with a word of its own."""
        for part in ("title", "text", "tip"):
            self.words[f"{name}_{part}"] = word(f"{name}_{part}").encode()
        return {
            "title": f"About {word(f'{name}_title')}",
            "text": f"{make.TEXT}\n\n{word(f'{name}_text')} is the word. {make.TEXT}",
            "treatments": [{"code": TREATMENT, "help": "h1", "tip": f"{word(f'{name}_tip')} helped me."}],
            "consents": ["publish", "rules", "quote", "statistics"],
        }

    def plant(self, name: str, outcome: Outcome | None = None) -> Revision:
        """Plant a text that waits, or that was decided."""
        revision = make.waiting(self.owner, **self.typed(name))
        self.contributions.append(revision.contribution_id)
        return self.decide(name, revision, outcome)

    def decide(self, name: str, revision: Revision, outcome: Outcome | None) -> Revision:
        if outcome is not None:
            note = f"A note with {word(f'{name}_note')} in it."
            if outcome != Outcome.APPROVE:
                self.words[f"{name}_note"] = word(f"{name}_note").encode()
            make.decided(revision, outcome, text=note)
        return revision

    def edit(self, name: str, of: Revision, outcome: Outcome | None = None) -> Revision:
        """Plant a newer version of a text."""
        edited = make.waiting(self.owner, contribution=of.contribution_id, **self.typed(name))
        return self.decide(name, edited, outcome)

    def answer(self, name: str, story: Revision, outcome: Outcome | None = None, *, sent: bool = True) -> Revision:
        """Plant an answer to a story: a draft, one that waits, or one that was decided."""
        place = f"{name}_text"
        self.words[place] = word(place).encode()
        plant = make.waiting if sent else make.draft
        text = f"{make.REPLY} {word(place)} is the word."
        answer = plant(self.owner, reply_to=story.contribution_id, title="", text=text)
        self.contributions.append(answer.contribution_id)
        self.answers.append((story.contribution_id, answer.contribution_id))
        return self.decide(name, answer, outcome)

    def report(self, revision: Revision) -> None:
        """Plant the words of a reader who reports a text."""
        self.words["reported_words"] = word("reported_words").encode()
        seen = Publication.objects.get(revision=revision)
        report(seen, rules=["kind"], text=f"It says {word('reported_words')}.", owner=make.owner())

    def named(self, *names: str) -> set[bytes]:
        """Return the words of these places, whatever the field."""
        return {value for key, value in self.words.items() if key.rpartition("_")[0] in names}


def planted(owner: Owner) -> Field:
    """Plant every state and every field for one owner."""
    ground = Field(owner)
    approved = ground.plant("approved", Outcome.APPROVE)
    ground.report(approved)
    edited = ground.plant("live", Outcome.APPROVE)
    ground.edit("pending", edited)
    refused_edit = ground.plant("kept", Outcome.APPROVE)
    ground.edit("badedit", refused_edit, Outcome.REFUSE)
    replaced = ground.plant("replaced", Outcome.APPROVE)
    ground.edit("replacement", replaced, Outcome.APPROVE)
    ground.plant("waiting")
    ground.plant("asked", Outcome.ASK_CHANGES)
    ground.plant("refused", Outcome.REFUSE)
    back = ground.plant("takenback")
    take_back(back.contribution_id, owner=owner)
    gone = ground.plant("withdrawn", Outcome.APPROVE)
    ground.answer("answergone", gone, Outcome.APPROVE)
    ground.answer("answertakenback", gone)
    make.draft(owner, contribution=gone.contribution_id, **ground.typed("discarded"))
    withdraw(gone.contribution_id, owner=owner)
    hidden = ground.plant("hidden", Outcome.APPROVE)
    ground.answer("answerunderhidden", hidden, Outcome.APPROVE)
    Suppression(contribution_id=hidden.contribution_id, ground="test").save()
    draft = make.draft(owner, **ground.typed("draft"))
    ground.contributions.append(draft.contribution_id)
    half = ground.plant("half", Outcome.APPROVE)
    make.draft(owner, contribution=half.contribution_id, **ground.typed("halfdraft"))
    plant_answers(ground, approved)
    return ground


def plant_answers(ground: Field, story: Revision) -> None:
    """Plant an answer in every state under a story that readers see."""
    ground.answer("answered", story, Outcome.APPROVE)
    ground.answer("answerwaiting", story)
    ground.answer("answerasked", story, Outcome.ASK_CHANGES)
    ground.answer("answerrefused", story, Outcome.REFUSE)
    ground.answer("answerdraft", story, sent=False)
    back, gone = ground.answer("answerback", story), ground.answer("answerwithdrawn", story, Outcome.APPROVE)
    take_back(back.contribution_id, owner=ground.owner)
    withdraw(gone.contribution_id, owner=ground.owner)
    hidden = ground.answer("answerhidden", story, Outcome.APPROVE)
    Suppression(contribution_id=hidden.contribution_id, ground="test").save()


PUBLIC = ("approved", "live", "kept", "replacement", "half", "answered")
IN_REVIEW = ("pending", "waiting", "answerwaiting")


def addresses(texts: list[Any], cases: list[Any], others: list[Any]) -> list[str]:
    """Return every address of the site, with every id of its kind, and some of other kinds, for the id."""

    def walk(patterns: Iterable[Any], prefix: str) -> Iterable[str]:
        for pattern in patterns:
            path = prefix + re.sub(r"[\^$]|\\Z", "", str(pattern.pattern))
            if isinstance(pattern, URLResolver):
                yield from walk(pattern.url_patterns, path)
            elif isinstance(pattern, URLPattern):
                if "<uuid:" in path:
                    ids = [*(cases if path.startswith("moderation/") else texts), *others]
                    yield from (re.sub(r"<uuid:\w+>", str(one), path) for one in ids)
                elif "<" not in path:
                    yield path

    return [f"/{path}" for path in walk(get_resolver().url_patterns, "")]


def crawl(client: Client, seeds: Iterable[str], methods: tuple[str, ...] = ("get",)) -> dict[bytes, str]:
    """Open everything that can be reached, with methods that change nothing; return words by place."""
    seen: dict[bytes, str] = {}
    todo, known = deque(seeds), set(seeds)
    opened = 0
    while todo:
        path = todo.popleft()
        if path.startswith(ENDS_THE_VISIT):
            continue
        opened += 1
        assert opened < MOST_PAGES * 3, "the crawl does not end"
        for method in methods:
            response = getattr(client, method)(path)
            content = b"".join(response) if response.streaming else response.content
            everything = content + repr(dict(response.headers)).encode() + str(response.cookies).encode()
            for found in WORD.findall(everything):
                seen.setdefault(found, f"{method} {path} {response.status_code}")
            if method == "get" and not response.streaming:
                for href in HREF.findall(content.decode(errors="replace")):
                    target = urlsplit(urljoin(path, href.replace("&amp;", "&")))
                    link = target.path + (f"?{target.query}" if target.query else "")
                    if (
                        not target.netloc
                        and not ONE_FOR_ALL.match(link)
                        and link not in known
                        and len(known) < MOST_PAGES
                    ):
                        known.add(link)
                        todo.append(link)
    return seen


def odd() -> list[str]:
    """Return addresses that end in errors, which must not show anything either."""
    return [
        "/stories/?after=nonsense",
        "/stories/?after=AQAAAA",
        "/stories/not-a-uuid/",
        "/no/such/page/",
        "/help-now/?country=zz",
        "/feed.atom",
        "/sitemap.xml",
        f"/treatments/{TREATMENT}/",
        "/treatments/no-such-code/",
    ]


@pytest.fixture
def ground(db: None, member: User) -> Field:
    return planted(Owner.of_account(member))


def everywhere(ground: Field) -> list[str]:
    cases = list(Case.objects.values_list("pk", flat=True))
    revisions = list(Revision.objects.values_list("pk", flat=True)[:2])
    others = [*revisions, ground.contributions[0], cases[0]]
    threads = [f"/stories/reply/{story}/{answer}/" for story, answer in ground.answers]
    return [*addresses(ground.contributions, cases, others), *threads, *odd(), searched()]


def searched() -> str:
    """Return the address of a search for what every planted word begins with."""
    return f"/search/?q={seal_words('kanari')}"


def leaks(seen: dict[bytes, str], allowed: set[bytes]) -> dict[bytes, str]:
    return {found: place for found, place in seen.items() if found not in allowed}


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["visitor", "other receipt", "other member", "no second factor", "editor", "clinician"])
def test_readers_find_what_was_approved_and_nothing_else(who: str, ground: Field) -> None:
    people = {
        "visitor": lambda: None,
        "other receipt": lambda: None,
        "other member": make.member,
        "no second factor": lambda: make.moderator(second_factor=False),
        "editor": lambda: make.moderator(role=Role.EDITOR),
        "clinician": lambda: make.moderator(role=Role.CLINICIAN),
    }
    client = make.client_of(people[who](), enforce_csrf_checks=True)
    if who == "other receipt":
        session = client.session
        session["receipt"] = new_code()
        session.save()
    methods = ("get", "head", "options", "put") if who == "visitor" else ("get",)
    assert ground.named("approved") & set(WORD.findall(client.get(searched()).content)) != set()
    seen = crawl(client, everywhere(ground), methods)
    assert leaks(seen, ground.named(*PUBLIC)) == {}
    assert ground.named("approved", "answered") <= set(seen), "what was approved is there, so the crawl can find it"


@pytest.mark.django_db
def test_owners_find_their_own(ground: Field, member_client: Client) -> None:
    seen = crawl(member_client, everywhere(ground))
    expected = ground.named(*PUBLIC, "pending", "waiting", "asked", "refused", "draft", "halfdraft")
    titles = {value for key, value in ground.words.items() if key.endswith("_title")}
    assert expected & titles <= set(seen)
    assert ground.words["refused_note"] in seen
    assert ground.words["asked_note"] in seen
    answers = ("answered", "answerasked", "answerrefused", "answerdraft", "answerback", "answertakenback")
    assert ground.named(*answers) - {ground.words["answerasked_note"], ground.words["answerrefused_note"]} <= set(seen)


@pytest.mark.django_db
def test_receipt_holders_find_their_own_and_no_others(ground: Field) -> None:
    code = new_code()
    mine = Field(Owner.of_code(code))
    mine.plant("receiptdraft")
    client = Client()
    client.post(reverse("stories:receipt"), {"code": code})
    seen = crawl(client, [*everywhere(ground), *everywhere(mine)])
    assert leaks(seen, ground.named(*PUBLIC) | mine.named("receiptdraft")) == {}
    assert mine.words["receiptdraft_title"] in seen


@pytest.mark.django_db
@pytest.mark.parametrize("role", [Role.MODERATOR, Role.LEAD])
def test_moderators_find_what_waits_and_no_author(ground: Field, role: Role, member: User) -> None:
    moderator_client = make.client_of(make.moderator(role=role))
    seen: dict[bytes, str] = {}
    handle = member.handle.encode()
    assert Revision.objects.in_state(State.WAITING).count() == len(IN_REVIEW)
    moderator_client.post(reverse("moderation:next"))
    seen |= crawl(moderator_client, everywhere(ground))
    assert leaks(seen, ground.named(*PUBLIC, *IN_REVIEW)) == {}
    assert set(seen) & ground.named(*IN_REVIEW) != set()
    tags = [bytes(revision.contribution.owner_tag) for revision in Revision.objects.select_related("contribution")]
    for path in everywhere(ground):
        if path.startswith("/moderation/"):
            page = moderator_client.get(path)
            bytes_served = page.content + repr(dict(page.headers)).encode()
            assert handle not in bytes_served
            assert not [one for one in tags if one.hex().encode() in bytes_served]


@pytest.mark.django_db
def test_the_crawl_goes_red_when_a_hidden_text_is_shown(ground: Field, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(PublicationQuerySet, "readable_by", lambda self, reader: self)
    seen = crawl(make.client_of(), everywhere(ground))
    assert ground.words["hidden_title"] in leaks(seen, ground.named(*PUBLIC))
    assert ground.words["hidden_title"] in make.client_of().get(searched()).content
    assert ground.words["hidden_tip"] in make.client_of().get(f"/treatments/{TREATMENT}/").content
