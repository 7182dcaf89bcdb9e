"""Lines to other machines: doctor asks for TLS, and with it nobody but the right server learns a password."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg
import pytest
from aiosmtpd.controller import Controller
from django.db import connection

from accounts.mailing import TROUBLE, note, server
from community import environment
from community.health_ground import encrypted
from tests.chromium import free_port
from tests.community.test_tls import certificate

STRICT = "postgres://fernway_web:a-password@localhost:{port}/fernway?sslmode=verify-full&sslrootcert={file}"


@pytest.fixture
def reached(monkeypatch: pytest.MonkeyPatch, settings: Any) -> Any:
    """Let the site reach its database and mail as these addresses say; return what doctor says."""

    def say(database: str = "", mail: str = "", **more: str) -> str:
        for name in ("PGHOST", "PGSSLMODE", "DATABASE_OWNER_URL"):
            monkeypatch.delenv(name, raising=False)
        for name, value in more.items():
            monkeypatch.setenv(name, value)
        if database:
            known = environment.database("DATABASE_URL", database)
            for name in ("HOST", "PORT", "OPTIONS"):
                monkeypatch.setitem(connection.settings_dict, name, known.get(name, {} if name == "OPTIONS" else ""))
        monkeypatch.setenv("MAIL_URL", mail)
        monkeypatch.setenv("MAIL_FROM", "post@quiet.example")
        monkeypatch.setenv("SITE_URL", "https://quiet.example")
        settings.MAIL = environment.mail(environment.environ.Env())
        return encrypted()

    return say


@pytest.mark.parametrize("host", ["db.example", "192.0.2.1", "[2001:db8::1]", "localhost.example"])
def test_a_database_elsewhere_without_tls_is_named(reached: Any, host: str) -> None:
    address = f"postgres://a:b@{host}:5432/fernway"
    for weaker in ("", "?sslmode=require", "?sslmode=verify-ca", "?sslmode=prefer"):
        assert "sslmode=verify-full" in reached(address + weaker)
    assert reached(address + "?sslmode=verify-full") == ""
    assert reached(address, PGSSLMODE="verify-full") == ""


def test_the_line_of_the_owner_is_looked_at_too(reached: Any) -> None:
    here, there = "postgres://a:b@localhost/fernway", "postgres://a:b@db.example/fernway"
    strict = "?sslmode=verify-full"
    assert "sslmode=verify-full" in reached(here, DATABASE_OWNER_URL=there)
    assert "sslmode=verify-full" in reached(there + strict, DATABASE_OWNER_URL=f"{there}?sslmode=require")
    assert reached(there + strict, DATABASE_OWNER_URL=there + strict) == ""
    assert reached(here, DATABASE_OWNER_URL=here) == ""


def test_one_of_several_hosts_elsewhere_is_enough(reached: Any) -> None:
    assert "DATABASE_URL" in reached("postgres://a:b@/fernway?host=localhost,db.example")


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.9.9.9", "[::1]"])
def test_what_stays_on_this_machine_needs_none(reached: Any, host: str) -> None:
    assert reached(f"postgres://a:b@{host}:5432/fernway", mail=f"smtp://a:b@{host}:25") == ""
    assert reached("postgres://a:b@/fernway?host=/run/postgresql") == ""
    assert "DATABASE_URL" in reached("postgres://a:b@/fernway", PGHOST="db.example")


def test_a_mail_server_elsewhere_without_tls_is_named(reached: Any) -> None:
    assert "smtp+tls://" in reached(mail="smtp://a:b@mail.example:25")
    assert reached(mail="smtp+tls://a:b@mail.example:587") == ""
    assert reached(mail="smtp+ssl://a:b@mail.example:465") == ""
    assert reached() == ""


@contextmanager
def listening(context: ssl.SSLContext | None) -> Iterator[tuple[int, bytearray]]:
    """Be a database that speaks TLS with this certificate, or none; give what was heard after that."""
    heard = bytearray()

    def serve(one: socket.socket) -> None:
        with suppress(OSError):
            line, _ = one.accept()
            line.settimeout(5)
            with line:
                line.recv(8)  # whether it speaks TLS
                line.sendall(b"S" if context else b"N")
                if context:
                    with context.wrap_socket(line, server_side=True) as sealed:
                        heard.extend(sealed.recv(4096))
                else:
                    heard.extend(line.recv(4096))

    with socket.create_server(("127.0.0.1", 0)) as door:
        thread = threading.Thread(target=serve, args=(door,), daemon=True)
        thread.start()
        yield door.getsockname()[1], heard
        thread.join(6)


def speaking(folder: Path) -> tuple[ssl.SSLContext, Path]:
    """Return a server's side of TLS with a certificate of its own making, for localhost."""
    public, private = certificate(folder)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(public, private)
    return context, public


def connect(port: int, file: Path) -> None:
    """Connect as the site does."""
    known = environment.database("DATABASE_URL", STRICT.format(port=port, file=file))
    options = {"host": known["HOST"], "port": known["PORT"], "user": known["USER"], "password": known["PASSWORD"]}
    psycopg.connect(**options, dbname=known["NAME"], connect_timeout=5, **known["OPTIONS"])


def test_no_password_goes_to_a_database_that_is_not_the_one(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    (context, own), (_context, others) = speaking(tmp_path), speaking(tmp_path / "other")
    for speaks, trusted, words in ((None, own, "does not support SSL"), (context, others, "certificate verify failed")):
        with listening(speaks) as (port, heard), pytest.raises(psycopg.OperationalError, match=words):
            connect(port, trusted)
        assert bytes(heard) == b""
    with listening(context) as (port, heard), pytest.raises(psycopg.OperationalError):
        connect(port, own)
    assert b"fernway_web" in heard, "the right one is spoken to"


def test_mail_goes_to_no_server_whose_certificate_nobody_signed(tmp_path: Path, settings: Any) -> None:
    context, _file = speaking(tmp_path)
    taken: list[Any] = []

    class Keeps:
        async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - the library's name
            taken.append(envelope)
            return "250 OK"

    port = free_port()
    controller = Controller(Keeps(), hostname="127.0.0.1", port=port, tls_context=context, ready_timeout=10)
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.MAIL_FROM = "post@quiet.example"
    settings.MAIL = {"host": "localhost", "port": port, "use_tls": True, "timeout": 5}
    try:
        with pytest.raises(TROUBLE) as refused, server() as opened:
            opened.send_messages([note("A subject", "Words", to="somebody@quiet.example")])
        assert isinstance(refused.value, ssl.SSLCertVerificationError)
        assert taken == []
    finally:
        controller.stop()
