"""Advice and the desk, with all that can stand on their pages, in every language of the interface."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import Role
from advice import actions
from advice.models import Kind, Link, Version
from tests import make
from tests.advice import written
from tests.browser.walk import Walk

LONG = "Donaudampfschifffahrtsgesellschaftskapitaenswitwenrentenauszahlungsstelle" * 2
BODY = "\n\n".join(
    [
        "Research found that 80 % of them did. It stands here without a source.",
        "## Today\n\nNothing has to happen today.[^one] You can read a story first.[^long]",
        f"### {LONG}\n\n- Ask a friend.\n- Write one line down.[^one]\n\n1. First.\n2. {LONG}",
        f"> {LONG}\n\n## Later\n\nSomebody [may come along](/care-team/), and **nothing** is late.[^nowhere]",
        f"## {LONG[:100]}\n\nThe end.",
    ]
)
SOURCES = (
    written.SOURCE,
    {"key": "long", "title": LONG, "publisher": LONG, "link": f"https://example.org/{LONG}", "year": 0},
    {"key": "idle", "title": "A page " * 30, "publisher": "A body", "link": "https://example.org/idle", "year": 2021},
)
FULL: dict[str, Any] = {
    "title": LONG[:140],
    "short": f"There is no wrong first step. {LONG}",
    "body": BODY,
    "sources": SOURCES,
    "treatments": ("t05",),
    "related": ("other-step",),
}


@pytest.fixture(params=[code for code, _name in settings.LANGUAGES])
def reading(request: Any, open_browser: Any) -> Any:
    """Browsers of people who read a language."""
    return lambda **more: open_browser(locale=request.param, **more)


def told() -> None:
    """Let one of the sources answer, and one not."""
    today = timezone.now().date()
    Link.objects.create(url=SOURCES[0]["link"], checked_on=today, answered_on=today)
    silent = today - timedelta(days=9)
    Link.objects.create(url=SOURCES[1]["link"], checked_on=today, failing_since=silent, trouble="gone")


def pressed(walk: Walk, selector: str, status: int, kind: str) -> None:
    """Press a button, see how the site answers, and look at the page."""
    walk.watch.expected.add(status)
    with walk.page.expect_response(lambda one: one.request.method == "POST") as answer:
        walk.page.locator(selector).click()
    assert answer.value.status == status
    walk.page.wait_for_load_state("load")
    walk.look(kind)


def test_advice_is_sound(reading: Any, watch: Any) -> None:
    walk = Walk(reading, watch)
    walk.visit("/advice/")
    told()
    written.live("other-step", title="Another step")
    written.live("a-guide", kind=Kind.GUIDE, title=LONG[:140])
    make.published(title="A story", treatments=[{"code": "t05"}], consents=["publish", "rules", "index"])
    one = written.live(**FULL)
    written.live(language="es", title="Un primer paso")
    walk.visit("/advice/first-step/en/", kind="article")
    actions.sign(
        one.pk,
        seen=actions.Words.of(one).digest,
        name=LONG[:100],
        qualification=LONG[:140],
        due_on=timezone.localdate() + timedelta(days=30),
        clinician=written.clinician(),
    )
    walk.visit("/advice/first-step/en/", kind="article")
    walk.visit("/advice/first-step/es/", kind="article")
    walk.visit("/advice/")
    walk.visit("/language/")
    walk.ends_well()


def test_saying_whether_it_helped_is_sound(reading: Any, watch: Any) -> None:
    written.live(**FULL)
    walk = Walk(reading, watch)
    walk.visit("/advice/first-step/en/opinion/", kind="opinion")
    walk.page.evaluate("() => document.querySelector('main button[value=yes]').setAttribute('value', 'perhaps')")
    pressed(walk, "main button[value=perhaps]", 422, "opinion")
    pressed(walk, "main button[value=no]", 302, "opinion")
    walk.visit("/advice/first-step/en/opinion/?told=yes", kind="opinion")
    walk.ends_well()


def test_an_editors_desk_is_sound(reading: Any, watch: Any) -> None:
    walk = Walk(reading, watch, make.moderator(role=Role.EDITOR))
    walk.visit("/desk/")
    told()
    draft = written.draft(**FULL)
    walk.visit("/desk/new/")
    pressed(walk, "main form button", 422, "/desk/new/")
    walk.visit(f"/desk/versions/{draft.pk}/", kind="version")
    expect(walk.page.locator(".findings li li")).to_have_count(3)  # one asks to be opened: nobody asked it yet
    walk.page.locator("main details > summary").first.click()
    walk.look("version")
    walk.page.locator("[name=sources]").fill(f"{LONG} | a")
    pressed(walk, "button[value=save]", 422, "version")
    walk.page.locator("[name=sources]").fill("")
    pressed(walk, "button[value=preview]", 200, "version")
    by = written.editor()
    actions.write(draft.pk, written.words(body=f"Other words. {LONG}"), seen=actions.Words.of(draft).digest, editor=by)
    pressed(walk, "button[value=save]", 409, "version")
    live = written.publish(Version.objects.get(pk=draft.pk))
    written.signed(live, days=30)
    walk.visit(f"/desk/versions/{live.pk}/", kind="version")
    waits = written.waiting(written.edited(live, **FULL))
    actions.count_opinion(live.article_id, helpful=True)
    written.draft("third-step", title=LONG[:140])
    for address, kind in (("/desk/", "/desk/"), (f"/desk/versions/{waits.pk}/", "version")):
        walk.visit(address, kind=kind)
    walk.visit(f"/desk/articles/{live.article_id}/", kind="desk article")
    walk.ends_well()


def test_a_clinicians_desk_is_sound(reading: Any, watch: Any) -> None:
    told()
    reader = make.moderator(role=Role.CLINICIAN)
    walk = Walk(reading, watch, reader)
    live = written.live(short="Once.", body="Once upon a time.\n\nThis goes.", sources=SOURCES[:1])
    written.signed(live, by=reader)
    waits = written.waiting(written.edited(live, **FULL))
    walk.visit(f"/desk/versions/{waits.pk}/", kind="version 2")
    pressed(walk, "form[action$='/sign/'] button:not([formaction])", 422, "version 2")
    pressed(walk, "button[formaction$='/send-back/']", 422, "version 2")
    actions.take_back(waits.pk, editor=written.editor())
    walk.page.locator("[name=text]").fill(f"Please name the study. {LONG}")
    pressed(walk, "button[formaction$='/send-back/']", 409, "version 2")
    actions.remark(waits.pk, f"A word. {LONG}", author=reader)
    walk.visit(f"/desk/versions/{waits.pk}/", kind="version 2")
    walk.visit(f"/desk/versions/{live.pk}/", kind="version 1")
    walk.page.locator("main details > summary").last.click()
    walk.look("version 1")
    walk.visit(f"/desk/articles/{live.article_id}/", kind="desk article")
    assert Version.objects.get(pk=waits.pk).state == "draft"
    walk.ends_well()
