"""Every way in that is no way in: addresses of the inside in all their spellings, by link, by name and by redirect."""

from __future__ import annotations

import pytest

from advice import links
from advice.public_hosts import is_public
from tests.advice.elsewhere import PUBLIC, Elsewhere, leads_to, say

INSIDE = [
    "0.0.0.0",  # noqa: S104 - nothing is bound to it
    "127.0.0.1", "127.255.255.254", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1",
    "169.254.169.254", "100.64.0.1", "192.0.0.8", "192.0.2.1", "198.18.0.1", "198.51.100.1", "203.0.113.9",
    "192.88.99.1", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255",
    "::", "::1", "::7f00:1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:7f00:1", "::ffff:93.184.215.14",
    "64:ff9b::7f00:1", "64:ff9b::5db8:d70e", "64:ff9b:1::1", "100::1", "fe80::1", "fe80::1%eth0", "fec0::1",
    "fc00::1", "fd00:ec2::254", "ff02::1", "2001:db8::1", "2001:0:53aa:64c:0:0:80ff:fffe", "2001:2::1", "2001:10::1",
    "2002:7f00:1::", "2002:5db8:d70e::1", "3fff::1", "4000::1", "2606:4700::1%1",
    "", "localhost", "127.1", "0x7f000001", "2130706433", "0177.0.0.1", "127.0.0.1 ", "a.example.org",
]  # fmt: skip
LINKS = [
    "http://a.example.org/",
    "HTTP://a.example.org/",
    "ftp://a.example.org/",
    "file:///etc/passwd",
    "gopher://a.example.org/",
    "javascript:alert(1)",
    "data:text/html,x",
    "//a.example.org/",
    "https:a.example.org/",
    "https:/a.example.org/",
    "https:///a.example.org/",
    "https://",
    "",
    "https://user@a.example.org/",
    "https://user:word@a.example.org/",
    "https://@a.example.org/",
    "https://a.example.org@127.0.0.1/",
    "https://127.0.0.1\\@a.example.org/",
    "https://a.example.org:80/",
    "https://a.example.org:8443/",
    "https://a.example.org:22/",
    "https://a.example.org:0/",
    "https://a.example.org:99999/",
    "https://a.example.org:4４3/",
    "https://a.example.org:443:443/",
    "https://127.0.0.1/",
    "https://127.1/",
    "https://0/",
    "https://0.0.0.0/",
    "https://2130706433/",
    "https://0x7f000001/",
    "https://0x7f.0.0.1/",
    "https://0177.0.0.1/",
    "https://017700000001/",
    "https://127.0.0.1./",
    "https://127.0.0.0x1/",
    "https://１２７.０.０.１/",
    "https://①②⑦.⓪.⓪.①/",
    "https://127。0。0。1/",
    "https://93.184.215.14/",
    "https://[::1]/",
    "https://[::ffff:127.0.0.1]/",
    "https://[fe80::1%25eth0]/",
    "https://[2606:2800:21f:cb07:6820:80da:af6b:8b2c]/",
    "https://169.254.169.254/latest/meta-data/",
    "https://localhost/",
    "https://LOCALHOST./",
    "https://a.localhost/",
    "https://ｌocalhost/",
    "https://printer.local/",
    "https://metadata.google.internal/",
    "https://1.0.0.127.in-addr.arpa/",
    "https://intranet/",
    "https://a.example.org./",
    "https://a..example.org/",
    "https://-a.example.org/",
    "https://a_b.example.org/",
    "https://a.example.org%2f@127.0.0.1/",
    "https://a.example.org%00.example.net/",
    "https://a%2eexample.org/",
    "https://a.example.org /",
    "https://a.exa\tmple.org/",
    "https://a.example.org/\r\nHost: 127.0.0.1",
    "https://a.example.org/ x",
    " https://a.example.org/",
    "https://a.example.org\\x/",
    "https://" + "a" * 64 + ".example.org/",
    "https://" + "a." * 200 + "org/",
    "https://a.example.org/" + "x" * 2000,
    "https://[a.example.org/",
    "https://\udcff.example.org/",
]

# As a redirect these say "where you are", which is no harm.
SAME = {
    "//a.example.org/", "https:a.example.org/", "https:/a.example.org/", "https:///a.example.org/", "https://", "",
    " https://a.example.org/",
}  # fmt: skip


@pytest.mark.parametrize("address", INSIDE)
def test_no_address_of_the_inside_is_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", [PUBLIC, "8.8.8.8", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "2a00:1450:4001::1"])
def test_addresses_of_the_open_internet_are(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("link", LINKS)
def test_no_such_link_is_even_looked_up(net: Elsewhere, link: str) -> None:
    assert net.checker().trouble(link) == "unsafe"
    assert (net.resolved, net.dialled) == ([], [])


@pytest.mark.parametrize("link", [one for one in LINKS if one not in SAME and one.isprintable()])
def test_no_redirect_leads_there(net: Elsewhere, link: str) -> None:
    net.page("https://a.example.org/", leads_to(link.encode().decode("latin-1")))
    assert net.checker().trouble("https://a.example.org/") == "unsafe"
    assert net.dialled == [(PUBLIC, 443)]
    assert net.resolved == ["a.example.org"]


@pytest.mark.parametrize("address", INSIDE)
def test_a_name_for_the_inside_is_not_connected_to(net: Elsewhere, address: str) -> None:
    net.host("a.example.org", address)
    assert net.checker().trouble("https://a.example.org/") == "unsafe"
    assert net.dialled == []


@pytest.mark.parametrize("addresses", [(PUBLIC, "127.0.0.1"), ("::1", PUBLIC), (PUBLIC, "10.0.0.1", PUBLIC)])
def test_one_address_of_the_inside_spoils_the_name(net: Elsewhere, addresses: tuple[str, ...]) -> None:
    net.host("a.example.org", *addresses)
    assert net.checker().trouble("https://a.example.org/") == "unsafe"
    assert net.dialled == []


def test_a_redirect_to_a_name_for_the_inside_is_not_followed(net: Elsewhere) -> None:
    net.page("https://a.example.org/", leads_to("https://b.example.org/"))
    net.host("b.example.org", "169.254.169.254")
    net.page("https://b.example.org/", say("200 OK"))
    assert net.checker().trouble("https://a.example.org/") == "unsafe"
    assert net.dialled == [(PUBLIC, 443)]


def test_the_systems_own_answer_is_judged_too() -> None:
    dialled: list[str] = []

    def dial(address: str, port: int, seconds: float) -> None:
        dialled.append(address)
        raise ConnectionRefusedError

    checker = links.Checker(dial=dial, resolve=lambda _name: links.resolve("localhost"))
    assert checker.trouble("https://a.example.org/") == "unsafe"
    assert dialled == []
