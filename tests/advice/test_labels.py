"""The label "reviewed": true on the page of one exact version, while its time lasts, whatever runs or does not."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from accounts import actions as accounts
from accounts.models import Role
from advice import actions
from advice.actions import Changed, Refused, Words
from advice.desk import gone
from advice.models import LabelEnd, SignOff, State, Version, Why
from tests import make
from tests.advice import written
from tests.stories.page import form
from tests.stories.test_erasing import undone

pytestmark = pytest.mark.django_db
LABEL, NONE = "Reviewed by Alba Hazelmere", "Not yet reviewed by a clinician."


def page(slug: str = "first-step") -> str:
    return Client().get(f"/advice/{slug}/").content.decode()


@pytest.mark.parametrize(("days", "is_shown"), [(-1, True), (0, True), (1, False), (400, False)])
def test_a_label_holds_to_the_end_of_its_day_with_the_job_stopped(days: int, is_shown: bool) -> None:
    signature = written.signed(written.live(), days=30)

    with time_machine.travel(signature.due_on + timedelta(days=days)):
        shown, index = page(), Client().get("/advice/").content.decode()

    assert (LABEL in shown, NONE in shown, "lastReviewed" in shown, "reviewedBy" in shown) == (
        is_shown,
        not is_shown,
        is_shown,
        is_shown,
    )
    assert (">Reviewed<" in index) == is_shown
    assert not LabelEnd.objects.exists()


def test_what_nobody_signed_says_so() -> None:
    written.live()

    assert (NONE in page(), "lastReviewed" in page()) == (True, False)


@pytest.mark.django_db(transaction=True)
def test_a_label_that_was_taken_back_stays_so_in_a_restored_copy(
    key_known: None, settings: Any, tmp_path: Path
) -> None:
    settings.ERASURE_JOURNAL = tmp_path / "erased"
    by = written.clinician()
    other = written.signed(written.live("second-step"))
    signature, lost = written.signed(written.live(), by=by), written.signed(written.live("third-step"))
    assert lost.clinician is not None
    with undone():
        actions.unsign(signature.pk, clinician=by)
        accounts.close_staff(lost.clinician)
        actions.end_labels_of_gone(lost.pk, by=written.editor())
    assert LABEL in page()
    for words, is_shown in ((["--dry-run"], True), ([], False)):
        said = StringIO()
        call_command("replay_erasures", *words, stdout=said)
        assert "Labels ended again: 2." in said.getvalue()
        assert (LABEL in page(), LABEL in page("third-step")) == (is_shown, is_shown)
    assert LABEL in page("second-step")
    assert not LabelEnd.objects.filter(signoff=other).exists()
    assert {one.why for one in LabelEnd.objects.all()} == {Why.BEFORE}


def test_the_job_notes_once_that_a_day_passed() -> None:
    signature = written.signed(written.live(), days=30)

    assert actions.end_passed_labels(signature.due_on) == 0
    assert actions.end_passed_labels(signature.due_on + timedelta(days=1)) == 1
    assert actions.end_passed_labels(signature.due_on + timedelta(days=2)) == 0
    assert list(LabelEnd.objects.values_list("signoff", "why")) == [(signature.pk, Why.PASSED)]


def test_an_edit_ends_the_label_at_once() -> None:
    one = written.live()
    signature = written.signed(one)

    written.publish(written.edited(one, short="Another answer."))

    assert (LABEL in page(), NONE in page(), "Another answer." in page()) == (False, True, True)
    assert LabelEnd.objects.get().signoff == signature


def test_an_edit_that_waits_leaves_the_signed_version_up() -> None:
    one = written.live()
    written.signed(one)

    written.waiting(written.edited(one, short="Another answer."))

    assert (LABEL in page(), "Another answer." in page()) == (True, False)


def test_a_signature_puts_what_waits_before_readers() -> None:
    one = written.live()
    written.signed(one)
    waits = written.waiting(written.edited(one, short="Another answer."))

    written.signed(waits, days=90)

    assert (LABEL in page(), "Another answer." in page()) == (True, True)
    assert list(LabelEnd.objects.values_list("why", flat=True)) == [Why.EDITED]


def test_a_correction_carries_the_review_that_was() -> None:
    one, by = written.live(), written.clinician()
    before = written.signed(one, by=by)
    waits = written.waiting(written.edited(one, body="## Today\n\nNothing has to happen to-day.[^one]"))

    after = actions.sign_correction(waits.pk, seen=Words.of(waits).digest, clinician=by)

    assert (after.reviewed_on, after.due_on, after.name) == (before.reviewed_on, before.due_on, before.name)
    assert (LABEL in page(), "to-day" in page()) == (True, True)


def test_a_correction_of_what_is_not_in_date_is_refused() -> None:
    one = written.live()
    waits = written.waiting(written.edited(one, short="Another answer."))

    with pytest.raises(Refused):
        actions.sign_correction(waits.pk, seen=Words.of(waits).digest, clinician=written.clinician())


def test_nobody_corrects_in_the_name_of_somebody_else() -> None:
    one = written.live()
    written.signed(one)
    waits = written.waiting(written.edited(one, short="Another answer."))

    with pytest.raises(Refused):
        actions.sign_correction(waits.pk, seen=Words.of(waits).digest, clinician=written.clinician())
    assert "Another answer." not in page()


def test_what_a_colleague_changed_meanwhile_is_not_put_before_readers() -> None:
    one = written.draft()
    seen = Words.of(one).digest
    actions.write(one.pk, written.words(short="Half a"), seen=seen, editor=written.editor())

    for act in (actions.publish, actions.send):
        with pytest.raises(Changed):
            act(one.pk, seen=seen, editor=written.editor())
    assert Client().get("/advice/first-step/").status_code == 404


def test_only_what_was_read_is_signed() -> None:
    waits = written.waiting()
    seen = Words.of(waits).digest
    actions.take_back(waits.pk, editor=written.editor())
    actions.write(waits.pk, written.words(short="Another."), seen=seen, editor=written.editor())
    written.waiting(Version.objects.get(pk=waits.pk))

    with pytest.raises(Refused):
        actions.sign(
            waits.pk,
            seen=seen,
            name="Alba",
            qualification="Physiotherapist",
            due_on=timezone.localdate() + timedelta(days=9),
            clinician=written.clinician(),
        )
    assert not SignOff.objects.exists()


def test_who_signed_takes_it_back_and_nobody_else() -> None:
    by = written.clinician()
    signature = written.signed(written.live(), by=by)

    with pytest.raises(Refused):
        actions.unsign(signature.pk, clinician=written.clinician())
    assert LABEL in page()
    actions.unsign(signature.pk, clinician=by)

    assert NONE in page()


@pytest.mark.parametrize("role", [Role.EDITOR, Role.CLINICIAN])
def test_a_label_of_who_is_no_clinician_here_any_more_is_ended_by_others(role: Role) -> None:
    by = written.clinician()
    theirs, other = written.signed(written.live(), by=by), written.signed(written.live("other-step"))
    written.signed(written.live("third-step"), by=by)
    with pytest.raises(Refused):
        actions.end_labels_of_gone(theirs.pk, by=written.editor())

    accounts.close_staff(by) if role == Role.CLINICIAN else accounts.change_role(by, role)
    before = page()
    ended = actions.end_labels_of_gone(theirs.pk, by=written.editor())

    assert (LABEL in before, ended) == (True, 2)
    assert [LABEL in page(slug) for slug in ("first-step", "third-step", "other-step")] == [False, False, True]
    assert list(SignOff.objects.filter(end=None)) == [other]


def test_a_label_of_somebody_whose_account_is_erased_is_ended_by_name() -> None:
    by = written.clinician()
    theirs = written.signed(written.live(), by=by)
    by.delete()

    assert [one.titles for one in gone(timezone.localdate())] == [["What could a first step be?"]]
    assert actions.end_labels_of_gone(theirs.pk, by=written.editor()) == 1
    assert gone(timezone.localdate()) == []


@pytest.mark.parametrize(("role", "here"), [(Role.EDITOR, "/desk/"), (Role.LEAD, "/moderation/lead/people/")])
def test_editors_and_leads_see_whose_labels_stand_and_end_them(role: Role, here: str) -> None:
    by, client = written.clinician(), make.client_of(make.moderator(role=role))
    written.signed(written.live(), by=by)
    none = client.get(here).content.decode()
    accounts.close_staff(by)

    answer = form(client.get(here), "/end/").post(client)

    assert ('id="gone"' in none, answer["Location"], NONE in page()) == (False, here, True)
    assert 'id="gone"' not in client.get(here).content.decode()


def test_signed_again_it_has_one_label_and_the_later_day() -> None:
    one = written.live()
    written.signed(one, days=30)
    later = written.signed(one, days=300)

    with time_machine.travel(timezone.now() + timedelta(days=100)):
        shown = page()

    assert LABEL in shown
    assert list(SignOff.objects.filter(end=None)) == [later]


def test_a_draft_is_nowhere() -> None:
    written.draft(short="A secret draft.")

    for address in (
        "/advice/",
        "/advice/first-step/",
        "/advice/first-step/en/",
        "/advice/feed.atom",
        "/sitemap.xml?part=pages",
    ):
        assert "secret draft" not in Client().get(address).content.decode()
    assert Client().get("/advice/first-step/").status_code == 404


def test_a_discarded_draft_leaves_what_is_live() -> None:
    one = written.live()
    actions.discard(written.edited(one, short="Away with it.").pk, editor=written.editor())

    assert "There is no wrong first step." in page()
    assert Version.objects.filter(state=State.DISCARDED).count() == 1
