"""People who come for advice, and those who write it and answer for it, with scripts and without."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from django.utils.formats import date_format
from playwright.sync_api import expect

from accounts.models import Role
from advice.models import Kind, SignOff, Version
from tests import make
from tests.advice import written
from tests.journeys import steps

QUESTION = "What could a first step be?"
FULL: dict[str, Any] = {
    "title": QUESTION,
    "body": "## Today\n\nNothing has to happen today.[^one]\n\n## Soon\n\nA friend may come.\n\n## Later\n\nSlowly.",
    "treatments": ("t05",),
    "related": ("other-step",),
}
TYPED = "## Today\n\nNothing has to happen today.[^one]\n\n## Later\n\nA **friend** may come along."
SOURCE = "one | A paper | A journal | 2020 | https://example.org/paper"
NONE = "Not yet reviewed by a clinician."
LABEL = "Reviewed by Alba Hazelmere, Physiotherapist, on"


def day(days: int) -> str:
    """Return a day from now as readers see it."""
    return date_format(timezone.localdate() + timedelta(days=days), "DATE_FORMAT")


def sees(page: Any, *sentences: str) -> None:
    """See sentences on the page."""
    for sentence in sentences:
        expect(page.get_by_text(sentence).first).to_be_visible()


@pytest.mark.parametrize("scripts", **steps.SCRIPTS)
def test_patient_reads_an_answer_from_the_home_page(open_browser: Any, scripts: bool) -> None:
    # Given a question that a clinician reviewed,
    written.live("other-step", title="What comes after that?")
    one = written.live(**FULL)
    written.signed(one, days=30)
    make.published(title="A slow way", treatments=[{"code": "t05"}], consents=["publish", "rules", "index"])

    # a patient finds it from the home page,
    phone = open_browser(width=360, scripts=scripts)
    phone.goto("/")
    steps.nav(phone, "Advice")
    steps.sound(phone, "Questions that many people ask")
    sees(phone, "There is no wrong first step.", "Reviewed")
    steps.follow(phone, QUESTION)

    # reads the short answer first, and who answers for it until when,
    steps.sound(phone, QUESTION)
    sees(phone, "There is no wrong first step.", f"{LABEL} {day(0)}. To be read again by {day(30)}.")

    # goes to a section, to where it comes from, and back to the text,
    phone.get_by_role("navigation", name="On this page").get_by_role("link", name="Later").click()
    expect(phone.get_by_role("heading", name="Later")).to_be_in_viewport()
    phone.locator("#c1 a, a#c1").first.click()
    source = phone.get_by_role("link", name="A paper")
    expect(source).to_be_in_viewport()
    expect(source).to_have_attribute("href", "https://example.org/paper")
    sees(phone, "The link has not been checked yet.")
    phone.get_by_role("link", name="Back to the text").click()
    expect(phone.get_by_text("Nothing has to happen today.")).to_be_in_viewport()

    # sees what members say, marked as experience, and what stands beside it,
    sees(phone, "These are people’s own experiences. Nobody has checked them as advice.", "A slow way")
    expect(phone.get_by_role("button", name="Print")).to_have_count(1 if scripts else 0)
    assert phone.get_by_role("region", name="Related questions").get_by_role("link").all_inner_texts() == [
        "What comes after that?"
    ]

    # and says without an account that it helped.
    steps.follow(phone, "Tell us, without an account")
    steps.sound(phone, "Did this help?")
    steps.press(phone, "Yes, it helped")
    steps.sound(phone, "Thank you")
    steps.follow(phone, "Back to the text")
    steps.heading(phone, QUESTION)
    assert list(one.article.opinions.values_list("helpful", "unhelpful")) == [(1, 0)]


@pytest.mark.parametrize("scripts", **steps.SCRIPTS)
def test_partner_reads_an_answer_of_their_own(open_browser: Any, scripts: bool) -> None:
    written.live("close-by", kind=Kind.PARTNER, title="How can I be there?", short="By asking, and by waiting.")
    written.live()
    phone = open_browser(width=360, scripts=scripts)
    phone.goto("/advice/")
    expect(phone.get_by_role("link", name="How can I be there?")).to_have_count(0)
    steps.follow(phone, "For partners")
    steps.heading(phone, "For partners")
    steps.follow(phone, "How can I be there?")
    steps.sound(phone, "How can I be there?")
    sees(phone, "By asking, and by waiting.", NONE)
    steps.follow(phone, "Tell us, without an account")
    steps.press(phone, "No, not enough")
    sees(phone, "Those who write here see that it was not enough.")
    steps.follow(phone, "Back to the text")
    steps.follow(phone, "For partners")
    steps.heading(phone, "For partners")


def saved(page: Any) -> None:
    """See that it was saved."""
    expect(page.get_by_text("Saved.", exact=True)).to_be_visible()


def begun(page: Any, slug: str = "first-step") -> None:
    """Begin an article as an editor does who has just signed in."""
    page.goto("/")
    steps.nav(page, "Desk")
    steps.heading(page, "Desk")
    steps.follow(page, "Begin a new article")
    steps.sound(page, "Begin a new article")
    page.get_by_label("Address").fill(slug)
    page.get_by_label("Place in its list").fill("10")
    steps.press(page, "Begin a draft")
    steps.heading(page, slug)


def typed(page: Any, *, scripts: bool) -> None:
    """Type an article with something wrong in its sources, and lose no word of it."""
    page.get_by_label("Title").fill(QUESTION)
    page.get_by_label("Short answer").fill("There is no wrong first step.")
    page.get_by_label("Text", exact=True).fill(TYPED)
    page.get_by_label("Sources").fill("one | A paper")
    shown = page.locator("[data-preview]")
    if scripts:
        expect(shown.get_by_role("heading", name="Today")).to_be_visible()
        expect(shown.locator("strong", has_text="friend")).to_be_visible()
    assert Version.objects.get().body == ""
    steps.press(page, "Save the draft")
    sees(page, "Line 1: a source is key | title | publisher | year | link.")
    expect(page.get_by_label("Title")).to_have_value(QUESTION)
    expect(page.get_by_label("Text", exact=True)).to_have_value(TYPED)
    expect(page.get_by_label("Sources")).to_have_value("one | A paper")
    page.get_by_label("Sources").fill(SOURCE)
    steps.press(page, "Preview")
    sees(page, "Nothing is saved yet.")
    expect(shown.locator("strong", has_text="friend")).to_be_visible()
    assert Version.objects.get().body == ""


def sign(page: Any) -> None:
    """Sign the version that is open."""
    page.get_by_label("Your name, as readers see it").fill("Alba Hazelmere")
    page.get_by_label("What you are").fill("Physiotherapist")
    page.get_by_label("Read it again by").fill((timezone.localdate() + timedelta(days=90)).isoformat())
    page.get_by_label("I have read this version").check()
    steps.press(page, "Sign it")
    sees(page, "Signed. Readers see your name and the day beside this version.")


@pytest.mark.parametrize("scripts", **steps.SCRIPTS)
def test_an_article_from_its_first_word_to_its_label_and_after(open_browser: Any, watch: Any, scripts: bool) -> None:
    watch.expected.add(422)
    editor, clinician, phone = (open_browser(width=width, scripts=scripts) for width in (1280, 1280, 360))
    steps.signed_in(editor, make.moderator(role=Role.EDITOR))
    steps.signed_in(clinician, make.moderator(role=Role.CLINICIAN))

    # Given an editor who begins an article, and loses no word of it to a mistake,
    begun(editor)
    typed(editor, scripts=scripts)
    steps.press(editor, "Save the draft")
    saved(editor)
    sees(editor, "1 of 1 passages that claim something name a source.")
    steps.sound(editor, QUESTION)
    steps.press(editor, "Save and send to a clinician")
    sees(editor, "It waits for a clinician now.")

    # when a clinician sends it back with a word,
    clinician.goto("/desk/")
    clinician.get_by_role("region", name="Waiting for a clinician").get_by_role("link", name=QUESTION).click()
    steps.sound(clinician, QUESTION)
    sees(clinician, "Nothing has to happen today.", "A paper")
    clinician.get_by_label("Your word").fill("Please say that a friend may also wait outside.")
    steps.press(clinician, "Send it back with this word")
    sees(clinician, "It is with its editors again, with your word.")
    watch.expected.add(404)
    assert phone.goto("/advice/first-step/").status == 404

    # the editor reads it and mends the text,
    editor.goto("/desk/")
    editor.get_by_role("region", name="Drafts").get_by_role("link", name=QUESTION).click()
    sees(editor, "Please say that a friend may also wait outside.")
    editor.get_by_label("Text", exact=True).fill(f"{TYPED} They may wait outside.")
    steps.press(editor, "Save the draft")
    saved(editor)
    steps.press(editor, "Save and send to a clinician")
    sees(editor, "It waits for a clinician now.")

    # and the clinician signs it: readers see who answers for it.
    clinician.reload()
    sign(clinician)
    phone.goto("/advice/first-step/")
    sees(phone, f"{LABEL} {day(0)}. To be read again by {day(90)}.", "They may wait outside.")

    # A later edit is read beside what readers see,
    changed(editor)
    clinician.goto("/desk/")
    clinician.get_by_role("region", name="Drafts").get_by_role("link", name=QUESTION).click()
    difference = clinician.get_by_role("region", name="What changes beside what readers see")
    expect(difference.locator("ins")).to_contain_text("next door.")
    expect(difference.locator("del")).to_contain_text("outside.")
    phone.reload()
    sees(phone, LABEL, "They may wait outside.")

    # and published without them it drops their label at once.
    editor.locator("summary", has_text="Publish without a review").click()
    sees(editor, "the label of the version that is there now would end")
    steps.press(editor, "Save and publish without a review")
    sees(editor, "Readers see it now, as not yet reviewed.")
    phone.reload()
    sees(phone, NONE, "They may wait next door.")
    expect(phone.get_by_text("Alba Hazelmere")).to_have_count(0)


def changed(page: Any) -> None:
    """Work on the article that is live, and save the change."""
    page.goto("/desk/")
    steps.follow(page, "first-step")
    steps.press(page, "Work on it")
    page.get_by_label("Text", exact=True).fill(f"{TYPED} They may wait next door.")
    steps.press(page, "Save the draft")
    saved(page)


@pytest.mark.parametrize("scripts", **steps.SCRIPTS)
def test_a_mended_typing_error_keeps_the_label_at_a_clinicians_word(open_browser: Any, scripts: bool) -> None:
    live, by = written.live(body="Nothing has to hapen today.[^one]"), make.moderator(role=Role.CLINICIAN)
    written.signed(live, days=30, by=by)
    waits = written.waiting(written.edited(live, body="Nothing has to happen today.[^one]"))
    clinician, phone = open_browser(width=360, scripts=scripts), open_browser(width=360, scripts=scripts)
    steps.signed_in(clinician, by)
    clinician.goto(f"/desk/versions/{waits.pk}/")
    expect(clinician.locator("ins")).to_contain_text("happen")
    steps.press(clinician, "It changes no meaning")
    sees(clinician, "It is before readers, under the review that it had.")
    phone.goto("/advice/first-step/")
    sees(phone, "Nothing has to happen today.", f"{LABEL} {day(0)}. To be read again by {day(30)}.")
    assert SignOff.objects.filter(end=None).get().version_id == waits.pk
