"""A walk over many pages in one browser: each is looked at narrow and wide, in light and in dark."""

from __future__ import annotations

from typing import Any

from django.templatetags.static import static

import content
from tests.chromium import axe
from tests.journeys import steps

PHONE, DESK = 360, 1280
ZOOMED = 320  # 1280 pixels at 400 per cent, which holds 200 per cent too
TURN = """async address => {
  document.documentElement.dir = 'rtl';
  const sheet = document.querySelector('link[href*="/bootstrap.min"]');
  const turned = new Promise(done => { sheet.addEventListener('load', done, {once: true}); });
  sheet.href = address;
  await turned;
}"""
TURN_BACK = """address => {
  document.documentElement.dir = 'ltr';
  document.querySelector('link[href*="/bootstrap.rtl"]').href = address;
}"""
TOO_WIDE = """() => {
  const root = document.documentElement;
  if (root.scrollWidth <= root.clientWidth) return '';
  const over = [...document.body.querySelectorAll('*')].filter((one) => {
    const box = one.getBoundingClientRect();
    return box.width && !one.closest('.visually-hidden, .skip') && (box.right > root.clientWidth + 1 || box.left < -1);
  });
  return `${root.scrollWidth} of ${root.clientWidth}: ${over.at(-1)?.outerHTML.slice(0, 120)}`;
}"""
CUT = """() => [...document.querySelectorAll('main a, main button, main input, main textarea, main select, h1')]
  .filter((one) => one.checkVisibility() && !one.closest('.visually-hidden, .table-scroll'))
  .filter((one) => { const box = one.getBoundingClientRect(); return box.right > innerWidth + 1 || box.left < -1; })
  .map((one) => one.outerHTML.slice(0, 100))"""


class Walk:
    """One browser on its way through the site, and what was wrong on the pages it saw."""

    def __init__(self, open_browser: Any, watch: Any, user: Any = None) -> None:
        self.page = open_browser(width=PHONE, reduced_motion="reduce")
        self.watch = watch
        self.faults: list[str] = []
        self.titles: dict[str, str] = {}
        self.words = content.load("en").forbidden_in_addresses
        if user is not None:
            steps.signed_in(self.page, user)

    def visit(self, address: str, *, status: int = 200, kind: str = "") -> None:
        """Open an address and look at it; `kind` names the page where two addresses share one."""
        self.watch.expected.add(status)
        answer = self.page.goto(address)
        if answer.status != status:
            self.faults.append(f"{address}: status {answer.status}")
        self.look(kind or address)

    def look(self, kind: str) -> None:
        """Look at the page that is open, in every way."""
        self._judge(kind)
        for width in (PHONE, DESK):
            self.page.set_viewport_size({"width": width, "height": 760})
            for scheme in ("light", "dark"):
                self.page.emulate_media(color_scheme=scheme)
                self.faults += [f"{kind} at {width} in {scheme}: {fault}" for fault in axe(self.page)]
            self._fits(kind, str(width))
        self.page.set_viewport_size({"width": ZOOMED, "height": 640})
        self._fits(kind, "400 %")
        self._fits_right_to_left(kind)
        self.page.set_viewport_size({"width": PHONE, "height": 760})

    def ends_well(self) -> None:
        """Fail on everything that was wrong on the way."""
        assert not self.faults, "\n".join(["", *self.faults])

    def _judge(self, kind: str) -> None:
        """Check what a page says of itself."""
        title = self.page.title()
        if any(word in title.lower() for word in self.words):
            self.faults.append(f"{kind}: its title names the condition")
        if self.titles.setdefault(title, kind) != kind:
            self.faults.append(f"{kind}: shares the title {title!r} with {self.titles[title]}")
        headings = self.page.get_by_role("heading", level=1).count()
        if headings != 1:
            self.faults.append(f"{kind}: {headings} headings of the first level")

    def _fits(self, kind: str, how: str) -> None:
        wide = self.page.evaluate(TOO_WIDE)
        cut = self.page.evaluate(CUT)
        if wide or cut:
            self.faults.append(f"{kind} at {how}: {wide or cut}")

    def _fits_right_to_left(self, kind: str) -> None:
        before = self.page.locator('link[href*="/bootstrap.min"]').get_attribute("href")
        self.page.evaluate(TURN, static("vendor/bootstrap.rtl.min.css"))
        self._fits(kind, "right to left")
        self.page.evaluate(TURN_BACK, before)
