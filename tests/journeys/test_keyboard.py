"""People who use the keyboard alone: Tab, Enter, Space and letters."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import expect

from stories.models import Revision
from tests import make
from tests.journeys import steps

TITLE = "The long way to a Tuesday"
# What has the focus: its name, whether a ring is drawn around it (or around its label), whether it lies in view
# with nothing on top, and whether it comes after the element that had the focus before.
FOCUS = """() => {
  const it = document.activeElement;
  if (!it || it === document.body || it === document.documentElement) return null;
  const drawn = (style) => style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
  const box = it.getBoundingClientRect();
  const top = document.elementFromPoint(box.left + box.width / 2, Math.min(box.top + box.height / 2, innerHeight - 2));
  const before = window.focusNow === it ? window.focusBefore : window.focusNow;
  window.focusBefore = before;
  window.focusNow = it;
  const follows = Node.DOCUMENT_POSITION_FOLLOWING;
  return {
    name: (it.labels?.[0]?.innerText || it.getAttribute('aria-label') || it.innerText || '').trim(),
    ring: drawn(getComputedStyle(it)),
    seen: it.contains(top) || Boolean(top?.contains(it)),
    after: !before?.isConnected || Boolean(before.compareDocumentPosition(it) & follows),
  };
}"""
MOST = 80


def tab_to(page: Any, name: str) -> None:
    """Press Tab until something has the focus; every stop on the way is seen, ringed and in reading order."""
    passed = []
    for _ in range(MOST):
        page.keyboard.press("Tab")
        stop = at_rest(page)
        assert stop is not None, f"{name} was not reached: {passed}"
        assert stop == {"name": stop["name"], "ring": True, "seen": True, "after": True}, (stop, passed)
        passed.append(stop["name"])
        if stop["name"].startswith(name):
            return
    raise AssertionError(f"{name} was not reached: {passed}")


def at_rest(page: Any) -> Any:
    """Return what has the focus once the page has rolled to it."""
    for _ in range(15):
        stop = page.evaluate(FOCUS)
        if stop is None or stop["seen"]:
            break
        page.wait_for_timeout(100)
    return stop


def arrive(page: Any, title: str) -> None:
    """Wait for the next page."""
    expect(page).to_have_title(f"{title} · Fernway")


def test_skip_link_leads_past_the_links(open_browser: Any) -> None:
    page = open_browser()
    page.goto("/stories/")
    tab_to(page, "Skip to the text")
    page.keyboard.press("Enter")
    page.evaluate("() => { window.focusNow = null; }")
    tab_to(page, "Write your own")


def test_member_writes_and_sends_with_the_keyboard_alone(open_browser: Any) -> None:
    page = open_browser()
    steps.signed_in(page, make.member())
    page.goto("/")
    tab_to(page, "Write")
    page.keyboard.press("Enter")
    arrive(page, "Begin to write")
    tab_to(page, "I have it, or had it")
    page.keyboard.press("Enter")
    arrive(page, "Write: About you")
    tab_to(page, "Where are things for you now?")
    page.keyboard.type("In treat")
    tab_to(page, "11 more questions")
    page.keyboard.press("Enter")
    tab_to(page, "Go on")
    page.keyboard.press("Enter")
    arrive(page, "Write: Your story")
    tab_to(page, "Title")
    page.keyboard.type(TITLE)
    tab_to(page, "Your story")
    page.keyboard.insert_text(make.TEXT)
    tab_to(page, "Go on")
    page.keyboard.press("Enter")
    arrive(page, "Write: What you tried")
    tab_to(page, "What was it?")
    page.keyboard.type("Biof")
    tab_to(page, "More about it")
    page.keyboard.press("Enter")
    tab_to(page, "A tip in one line")
    page.keyboard.type("Slowly")
    tab_to(page, "Go on")
    page.keyboard.press("Enter")
    arrive(page, "Write: Who may see it")
    for box in ("Not being believed", "This text may be published", "I have read the house rules"):
        tab_to(page, box)
        page.keyboard.press("Space")
    tab_to(page, "Look at it once more")
    page.keyboard.press("Enter")
    arrive(page, "Look once more")
    tab_to(page, "Send it")
    page.keyboard.press("Enter")
    arrive(page, "Your text")
    sent = Revision.objects.values_list("title", "text", "role", "warnings", "answers", "treatments", "state")
    tried = [{"code": "t05", "tip": "Slowly"}]
    assert list(sent) == [(TITLE, make.TEXT, "self", ["w3"], {"stage": "s3"}, tried, "waiting")]


def test_enter_in_the_title_sends_nothing(open_browser: Any, watch: Any) -> None:
    watch.expected.add(422)
    page = open_browser()
    steps.signed_in(page, make.member())
    page.goto("/stories/new/")
    steps.begin(page)
    page.get_by_label("Title").fill(TITLE)
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_be_visible()
    assert list(Revision.objects.values_list("state", flat=True)) == ["draft"]


def test_moderator_approves_with_the_keyboard_alone(open_browser: Any) -> None:
    page = open_browser(width=1280)
    steps.signed_in(page, make.moderator())
    make.waiting(title=TITLE)
    page.goto("/moderation/")
    tab_to(page, "Read the next text")
    page.keyboard.press("Enter")
    arrive(page, "A text to read")
    tab_to(page, "Add content warnings")
    page.keyboard.press("Enter")
    tab_to(page, "Not being believed")
    page.keyboard.press("Space")
    tab_to(page, "I have read it to the end")
    page.keyboard.press("Space")
    tab_to(page, "Publish")
    page.keyboard.press("Enter")
    arrive(page, "Queue")
    expect(page.get_by_text("The text is published.")).to_be_visible()
    page.goto("/stories/")
    expect(page.get_by_role("link", name=TITLE)).to_be_visible()


def test_warned_story_opens_with_the_keyboard(open_browser: Any) -> None:
    story = make.published(title=TITLE, warnings=["w2"])
    page = open_browser()
    page.goto(f"/stories/{story.pk}/")
    tab_to(page, "Show the story")
    page.keyboard.press("Enter")
    expect(page.get_by_text("being believed when I answered")).to_be_visible()
