"""Devices that people hold in their hands."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.chromium import Site


@pytest.fixture
def with_device(open_browser: Callable[..., Any], site: Site, watch: Any) -> Callable[..., Any]:
    """Open a browser on a device with a lock; at localhost, since no passkey belongs to a number."""
    watch.hosts.add(f"localhost:{site.port}")

    def opened() -> Any:
        page = open_browser(base_url=f"http://localhost:{site.port}")
        device = page.context.new_cdp_session(page)
        device.send("WebAuthn.enable")
        options = {"protocol": "ctap2", "transport": "internal", "automaticPresenceSimulation": True}
        locked = {"hasResidentKey": True, "hasUserVerification": True, "isUserVerified": True}
        device.send("WebAuthn.addVirtualAuthenticator", {"options": options | locked})
        return page

    return opened
