"""One button pressed fifty times at once: ten browsers with the same cookies, five times each."""

from __future__ import annotations

import threading
from typing import Any

from django.db import connections
from django.test import Client

from tests.stories.page import Form

BROWSERS, TIMES = 10, 5


def fifty_times(client: Client, pressed: Form, **changes: Any) -> set[int]:
    """Press it, and return the statuses that came back."""
    barrier, statuses = threading.Barrier(BROWSERS), []

    def press() -> None:
        browser = Client(enforce_csrf_checks=True)
        for name, morsel in client.cookies.items():
            browser.cookies[name] = morsel.value
        barrier.wait()
        try:
            statuses.extend(pressed.post(browser, **changes).status_code for _ in range(TIMES))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=press) for _ in range(BROWSERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(statuses) == BROWSERS * TIMES
    return set(statuses)
