"""What people do who use the keyboard alone: Tab, Enter, Space and letters."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import expect

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


def enter(page: Any, name: str, title: str = "") -> None:
    """Tab to a link or a button and press it, and wait for the next page where there is one."""
    tab_to(page, name)
    page.keyboard.press("Enter")
    if title:
        expect(page).to_have_title(f"{title} · Fernway")


def tick(page: Any, *names: str) -> None:
    """Tab to boxes, one after the other, and tick them."""
    for name in names:
        tab_to(page, name)
        page.keyboard.press("Space")


def type_into(page: Any, name: str, words: str) -> None:
    """Tab to a box or a list and type."""
    tab_to(page, name)
    page.keyboard.type(words)
