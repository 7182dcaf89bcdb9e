"""The site as it runs for real, over TLS: what a browser is told of it, and which cookies it takes."""

from __future__ import annotations

import base64
import http.client
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509.oid import NameOID
from django.conf import settings

from tests import make
from tests.chromium import free_port, serve, stop
from tests.community.running import wait_for

LISTS = ("OWNERSHIP_KEYS", "SESSION_KEYS", "ADDRESS_KEYS")
YEAR = 31_536_000


def certificate(folder: Path) -> tuple[Path, Path]:
    """Make a certificate for this machine that nobody signed; return it and its key."""
    key, name = (
        ec.generate_private_key(ec.SECP256R1()),
        x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")]),
    )
    now = datetime.now(UTC)
    names = x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(names, critical=False)
        .sign(key, SHA256())
    )
    public, private = folder / "certificate.pem", folder / "key.pem"
    public.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    private.write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain))
    return public, private


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("tls")


@pytest.fixture(scope="module")
def port(django_db_setup: None, django_db_blocker: Any, folder: Path) -> Iterator[int]:
    """The site without LOCAL_RUN, under the keys of the tests, ending TLS itself."""
    public, private = certificate(folder)
    port = free_port()
    keys = {name: ",".join(base64.urlsafe_b64encode(key).decode() for key in getattr(settings, name)) for name in LISTS}
    with django_db_blocker.unblock():
        process = serve(
            port, "--ssl-certificate", str(public), "--ssl-keyfile", str(private), LOCAL_RUN="0",
            SECRET_KEY=settings.SECRET_KEY, ALLOWED_HOSTS="localhost", **keys,
        )  # fmt: skip
    try:
        wait_for(port, process)
        yield port
    finally:
        stop(process)


def asked(port: int, folder: Path, path: str) -> http.client.HTTPResponse:
    """Ask as a browser that trusts the certificate."""
    trusting = ssl.create_default_context(cafile=folder / "certificate.pem")
    line = http.client.HTTPSConnection("localhost", port, context=trusting, timeout=20)
    line.request("GET", path)
    answer = line.getresponse()
    answer.read()
    line.close()
    return answer


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("path", ["/", "/accounts/login/", "/no/such/page/", "/live/", "/healthz"])
def test_every_answer_asks_for_tls_for_a_year(path: str, port: int, folder: Path, key_known: None) -> None:
    said = asked(port, folder, path).headers["Strict-Transport-Security"]
    assert said == f"max-age={YEAR}; includeSubDomains; preload"


@pytest.mark.django_db(transaction=True)
def test_the_observatory_would_give_its_points(port: int, folder: Path, key_known: None) -> None:
    """By the rules of Mozilla's HTTP Observatory: 100, and a bonus each; SRI and preloading give none."""
    said = asked(port, folder, "/accounts/login/").headers
    policy, cookies = said["Content-Security-Policy"], said.get_all("Set-Cookie")
    kept = ("; Secure", "; HttpOnly", "; SameSite=")
    bonus = {
        "a policy that begins with nothing": 10 * ("default-src 'none'" in policy and "unsafe" not in policy),
        "for this site's pages only": 10 * (said["Cross-Origin-Resource-Policy"] == "same-origin"),
        "cookies": 5 * (bool(cookies) and all(flag in one for one in cookies for flag in kept)),
        "no referrer elsewhere": 5 * (said["Referrer-Policy"] in {"no-referrer", "same-origin"}),
        "in no frame": 5 * ("frame-ancestors 'none'" in policy),
    }
    assert 100 + sum(bonus.values()) >= 135, bonus
    assert said["Cross-Origin-Opener-Policy"] == "same-origin", "which is not scored"


@pytest.mark.django_db(transaction=True)
def test_a_browser_takes_the_cookies_of_this_very_host_and_sends_them_back(
    port: int, chromium: Any, key_known: None
) -> None:
    user = make.member()
    context = chromium.new_context(ignore_https_errors=True)
    page = context.new_page()
    page.goto(f"https://localhost:{port}/look/")
    page.get_by_role("button", name="Dark").click()
    page.goto(f"https://localhost:{port}/accounts/login/")
    page.get_by_label("Sign-in name").fill(user.handle)
    page.get_by_label("Password").fill(make.PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("**/stories/mine/")
    kept = {one["name"]: one for one in context.cookies()}
    assert kept.keys() >= {"__Host-visit", "__Host-idle", "__Host-form", "__Host-theme"}
    for name, one in kept.items():
        assert name.startswith("__Host-"), name
        assert (one["secure"], one["httpOnly"], one["path"], one["domain"]) == (True, True, "/", "localhost"), name
        assert one["expires"] == -1, name
    context.close()
