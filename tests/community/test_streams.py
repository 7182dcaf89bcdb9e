"""How many streams there may be: of all clients, so that pages get through, and of one."""

import re
import time
from pathlib import Path

import pytest

from community import capacity
from tests.community.running import serve
from tests.community.test_live import Page, database, pages


@pytest.mark.parametrize(
    ("connections", "files", "streams"),
    [(16_384, 65_536, 15_384), (16_384, 4_096, 3_096), (16_384, 1_024, 512), (60, 1_024, 30), (2, 2, 1)],
)
def test_streams_leave_connections_for_pages(connections: int, files: int, streams: int) -> None:
    assert capacity.streams(connections, files) == streams


def open_page(port: int, address: str) -> Page:
    """Open a page from behind a proxy, whose word stands last; what stands before is anybody's."""
    return Page(port, b"X-Forwarded-For: 192.0.2.99", b"X-Forwarded-For: " + address.encode())


def test_one_address_may_hold_so_many_streams_and_a_closed_one_makes_room(
    django_db_setup: None, tmp_path: Path
) -> None:
    with serve(tmp_path / "log", ECHO_DATABASE=database(), ECHO_PER_ADDRESS="3") as port:
        with pages(port, 3):
            refused = open_page(port, "198.51.100.7")  # nobody vouches for this header here
            refused.line.close()
        deadline = time.monotonic() + 3
        while (again := Page(port)).status != 200 and time.monotonic() < deadline:
            again.line.close()
        again.line.close()

    assert refused.status == 429
    assert re.search(rb"\r\nretry-after: \d+", refused.head)
    assert again.status == 200


def test_behind_a_proxy_each_network_is_counted_by_itself(django_db_setup: None, tmp_path: Path) -> None:
    tried = ["198.51.100.7", "::ffff:198.51.100.7", "198.51.100.7", "198.51.100.8"]
    tried += ["2001:db8::1", "2001:db8::2", "2001:db8::3", "2001:db8:0:1::1"]
    with serve(tmp_path / "log", ECHO_DATABASE=database(), ECHO_PER_ADDRESS="2", ECHO_PROXIED="1") as port:
        opened = [open_page(port, address) for address in tried]
        for page in opened:
            page.line.close()

    assert [page.status for page in opened] == [200, 200, 429, 200] * 2
