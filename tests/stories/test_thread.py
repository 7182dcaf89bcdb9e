"""The thread under a story: who sees which replies, in which order, under which names."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from hypothesis import given
from hypothesis import strategies as st

from accounts.handles import FIRST, SECOND
from stories.actions import set_replies, withdraw
from stories.listing import BadCursor
from stories.models import Contribution, Outcome, Publication
from stories.thread import (
    A_PAGE,
    Thread,
    address_of,
    answered,
    begun_reply,
    name_of,
    own_reply,
    story_to_answer,
    thread_of,
)
from tests import make

VISITOR = AnonymousUser()


def words(thread: Thread) -> list[str]:
    """Return the first words of each reply, in order."""
    return [one.story.paragraphs[0][0].text for one in thread.replies]


def names(thread: Thread) -> list[str]:
    return [one.name for one in thread.replies]


@pytest.fixture
def story(db: None) -> Publication:
    return make.published()


def test_replies_stand_oldest_first_each_with_its_writers_name(story: Publication) -> None:
    first, second = make.owner(), make.owner()
    for number, by in enumerate([first, second, first]):
        make.published_reply(story, by, text=f"Number {number}: I read this three times.")
    thread = thread_of(story, VISITOR)
    assert words(thread) == [f"Number {number}: I read this three times." for number in range(3)]
    assert names(thread) == [name_of(by.voice(story.pk)) for by in (first, second, first)]
    assert len(set(names(thread))) == 2
    assert (thread.first, thread.further, thread.takes_replies) == (True, "", True)


def test_one_owner_has_another_name_in_another_thread(story: Publication) -> None:
    writer = make.owner()
    others = [make.published() for _ in range(3)]
    for one in (story, *others):
        make.published_reply(one, writer)
    found = [names(thread_of(one, VISITOR))[0] for one in (story, *others)]
    assert len(set(found)) == len(found)


def test_who_told_the_story_is_marked_in_its_thread_alone(db: None) -> None:
    author, other = make.owner(make.member()), make.owner()
    told, elsewhere = make.published(author), make.published(other)
    make.published_reply(told, other)
    make.published_reply(told, author)
    make.published_reply(elsewhere, author)
    assert [one.is_author for one in thread_of(told, VISITOR).replies] == [False, True]
    assert [one.is_author for one in thread_of(elsewhere, VISITOR).replies] == [False]


def test_a_reply_tells_of_hope_role_and_warnings(story: Publication) -> None:
    make.published_reply(story, hope=True, role="partner", warnings=["w3"], warnings_added=["w5"])
    (reply,) = thread_of(story, VISITOR).replies
    assert (reply.hope, reply.story.role, len(reply.story.warnings)) == (True, "A partner", 2)
    assert reply.story.title == []


@pytest.mark.parametrize("hidden", ["reply", "story"])
def test_what_is_hidden_is_not_in_the_thread(story: Publication, hidden: str) -> None:
    reply = make.published_reply(story)
    of = reply if hidden == "reply" else story
    make.hide(of.contribution)
    assert thread_of(story, make.member()).replies == []


def test_what_nobody_approved_is_not_in_the_thread(story: Publication) -> None:
    make.draft(reply_to=story.pk, title="")
    make.reply(story)
    make.decided(make.reply(story), Outcome.REFUSE)
    make.decided(make.reply(story), Outcome.ASK_CHANGES)
    writer = make.owner()
    gone = make.published_reply(story, writer)
    withdraw(gone.pk, owner=writer)
    assert thread_of(story, make.member()).replies == []


def test_a_reply_is_gone_with_its_story(db: None) -> None:
    author = make.owner()
    story = make.published(author)
    reply = make.published_reply(story)
    everybody = (VISITOR, make.member())
    assert [thread_of(story, who).replies != [] for who in everybody] == [True, True]
    withdraw(story.pk, owner=author)
    assert [thread_of(story, who).replies for who in everybody] == [[], []]
    assert [address_of(reply.pk, who) for who in everybody] == [None, None]
    assert Publication.objects.filter(pk=reply.pk).exists(), "it is hidden by the story, not deleted"


def test_what_members_wrote_for_members_no_visitor_sees(db: None) -> None:
    story = make.published(audience="members")
    make.published_reply(story, audience="members")
    assert len(thread_of(story, make.member()).replies) == 1
    assert thread_of(story, VISITOR).replies == []
    open_story = make.published()
    make.published_reply(open_story, audience="members", text="For members, I would rather say this here.")
    make.published_reply(open_story, text="Everybody may read this, I think.")
    assert words(thread_of(open_story, VISITOR)) == ["Everybody may read this, I think."]


def test_a_thread_is_paged_by_sealed_places(story: Publication, django_assert_num_queries: Any) -> None:
    for number in range(A_PAGE + 3):
        make.published_reply(story, text=f"Number {number}: I read this three times.")
    with django_assert_num_queries(1):
        first = thread_of(story, VISITOR)
    with django_assert_num_queries(1):
        rest = thread_of(story, VISITOR, first.further)
    assert [len(first.replies), len(rest.replies)] == [A_PAGE, 3]
    assert words(first)[-1].startswith(f"Number {A_PAGE - 1}:")
    assert words(rest)[0].startswith(f"Number {A_PAGE}:")
    assert (rest.first, rest.further) == (False, "")
    assert first.further == thread_of(story, make.member()).further, "the same address for everybody"
    others = thread_of(story, VISITOR, without=first.replies[0].pk)
    assert words(others) == [*words(first)[1:], words(rest)[0]], "a page as if that reply had never been there"
    for wrong in ("x", "AQAAAA", "é"):
        with pytest.raises(BadCursor):
            thread_of(story, VISITOR, wrong)


def test_an_address_leads_to_the_page_of_a_reply(story: Publication) -> None:
    replies = [make.published_reply(story) for _ in range(A_PAGE + 2)]
    assert address_of(replies[3].pk, VISITOR) == f"/stories/{story.pk}/?answers=1#reply-{replies[3].pk}"
    last = address_of(replies[-1].pk, VISITOR) or ""
    below = last.partition("?below=")[2].partition("#")[0]
    assert [one.pk for one in thread_of(story, VISITOR, below).replies] == [replies[-1].pk]
    assert address_of(story.pk, VISITOR) is None, "a story is no reply"


def voiced(story: Publication, voice: bytes) -> Publication:
    """Publish a reply of a given voice."""
    reply = make.published_reply(story)
    Contribution.objects.filter(pk=reply.pk).update(voice=voice)
    return reply


def test_two_owners_never_share_a_name(story: Publication) -> None:
    alike = [b"\x07\x09" + bytes(29) + bytes([last]) for last in (1, 7, 107)]
    for voice in (*alike, b"\x07\x0a" + bytes(30)):
        voiced(story, voice)
    found = names(thread_of(story, VISITOR))
    assert len(set(found)) == 4
    assert [one[-2:].isdecimal() for one in found] == [True, True, True, False]
    assert [one.rpartition(" ")[0] for one in found[:3]] == [name_of(alike[0])] * 3


def test_a_name_does_not_depend_on_the_page_or_on_who_reads(story: Publication) -> None:
    one, other = (b"\x07\x09" + bytes(29) + bytes([last]) for last in (1, 2))
    voiced(story, one)
    for _ in range(A_PAGE):
        make.published_reply(story)
    last = voiced(story, other)
    first = thread_of(story, VISITOR)
    rest = thread_of(story, VISITOR, first.further)
    assert names(first)[0] == name_of(one, [other])
    assert names(rest)[-1] == name_of(other, [one])
    Contribution.objects.filter(pk=last.pk).update(voice=one)
    assert names(thread_of(story, VISITOR))[0] == name_of(one), "one voice twice is one name"


@pytest.mark.parametrize("unseen", ["waiting", "hidden"])
def test_what_readers_do_not_see_gives_no_name_away(story: Publication, unseen: str) -> None:
    one, other = (b"\x07\x09" + bytes(29) + bytes([last]) for last in (1, 2))
    voiced(story, one)
    if unseen == "waiting":
        waiting = make.reply(story)
        Contribution.objects.filter(pk=waiting.contribution_id).update(voice=other)
    else:
        make.hide(voiced(story, other).contribution)
    assert names(thread_of(story, VISITOR)) == [name_of(one)]


def test_a_name_is_the_same_for_every_reader(story: Publication) -> None:
    one, other = (b"\x07\x09" + bytes(29) + bytes([last]) for last in (1, 2))
    voiced(story, one)
    among_members = make.published_reply(story, audience="members")
    Contribution.objects.filter(pk=among_members.pk).update(voice=other)
    assert names(thread_of(story, make.member())) == [name_of(one, [other]), name_of(other, [one])]
    assert names(thread_of(story, VISITOR)) == [name_of(one, [other])]


@given(
    st.lists(st.binary(min_size=32, max_size=32), min_size=2, max_size=12, unique=True),
    st.binary(min_size=2, max_size=2),
)
def test_names_of_different_voices_differ(voices: list[bytes], start: bytes) -> None:
    together = [*voices, *dict.fromkeys(start + one[2:] for one in voices)]
    together = list(dict.fromkeys(together))
    found = [name_of(voice, together) for voice in together]
    assert len(set(found)) == len(together)
    assert found == [name_of(voice, reversed(together)) for voice in together]


def test_every_start_of_a_voice_has_words_of_its_own() -> None:
    assert len(FIRST) * len(SECOND) >= 2**16
    found = [name_of(number.to_bytes(2, "big")) for number in range(2**16)]
    assert len(set(found)) == 2**16
    assert all(one != other for one, other in pairwise(found))


def test_one_looks_at_an_own_reply_under_its_name(story: Publication) -> None:
    author = make.owner()
    told = make.published(author)
    draft = make.draft(author, reply_to=told.pk, title="", hope=True)
    shown = own_reply(draft)
    assert (shown.name, shown.is_author, shown.hope) == (name_of(author.voice(told.pk)), True, True)
    voiced(told, author.voice(told.pk)[:2] + bytes(30))
    assert own_reply(draft).name == name_of(author.voice(told.pk), [author.voice(told.pk)[:2] + bytes(30)])
    assert own_reply(make.draft(reply_to=story.pk, title="")).is_author is False


def test_who_answered_is_told_of_the_story_in_one_query(db: None, django_assert_num_queries: Any) -> None:
    author = make.owner()
    story = make.published(author, title="The drive home")
    reply = make.reply(story).contribution
    with django_assert_num_queries(1):
        found = answered(reply, VISITOR)
    assert (found.title, found.is_there, found.takes_replies, found.may_read) == ("The drive home", True, True, True)
    set_replies(story.pk, wanted=False, owner=author)
    assert not answered(reply, VISITOR).takes_replies
    withdraw(story.pk, owner=author)
    with django_assert_num_queries(1):
        gone = answered(reply, VISITOR)
    assert (gone.title, gone.is_there, gone.takes_replies, gone.may_read) == ("", False, False, False)


def test_a_story_for_members_is_named_to_members_alone(db: None) -> None:
    story = make.published(audience="members", title="Among us")
    found = story_to_answer(story.pk, VISITOR)
    assert found is not None
    assert (found.title, found.is_there, found.audience) == ("", True, "members")
    assert getattr(story_to_answer(story.pk, make.member()), "title", "") == "Among us"
    reply = make.published_reply(story)
    assert story_to_answer(reply.pk, make.member()) is None, "a reply takes no replies"


def test_a_reply_that_was_begun_is_found_by_its_owner_alone(story: Publication) -> None:
    owner = make.owner()
    assert begun_reply(owner, story.pk) is None
    draft = make.draft(owner, reply_to=story.pk, title="")
    assert begun_reply(owner, story.pk) == draft.contribution_id
    assert begun_reply(make.owner(), story.pk) is None
    make.reply(story, owner, contribution=draft.contribution_id)
    assert begun_reply(owner, story.pk) is None


def test_a_thread_is_read_in_one_query_however_long(story: Publication, django_assert_num_queries: Any) -> None:
    for more in (1, 29):
        for _ in range(more):
            make.published_reply(story)
        with django_assert_num_queries(1):
            thread_of(story, VISITOR)
