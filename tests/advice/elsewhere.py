"""Hosts on the open internet, as far as a checker can tell: TLS servers on loopback, a list of names, and a spy."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from advice import links

PUBLIC = "93.184.215.14"
OTHER = "2606:2800:21f:cb07:6820:80da:af6b:8b2c"
Act = Callable[[ssl.SSLSocket], None]


def say(status: str, *headers: str, body: bytes = b"") -> Act:
    """Return an act that answers with a status line, headers and a body."""
    head = "\r\n".join([f"HTTP/1.1 {status}", *headers, f"Content-Length: {len(body)}", "", ""])
    return lambda line: line.sendall(head.encode("latin-1") + body)


def leads_to(address: str, *headers: str) -> Act:
    """Return an act that redirects."""
    return say("302 Found", f"Location: {address}", *headers)


def certificate(folder: Path, *names: str) -> Path:
    """Write a certificate for names, signed by itself, with its key."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0])])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=30))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(one) for one in names]), critical=False)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path = folder / f"{names[0]}.pem"
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path


class Elsewhere:
    """One server that is every host, what it was asked, and what the checker reached out to."""

    def __init__(self, pem: Path) -> None:
        self.names: dict[str, list[list[str]]] = {}
        self.acts: dict[tuple[str, str], Act] = {}
        self.asked: list[str] = []
        self.heads: list[bytes] = []
        self.resolved: list[str] = []
        self.dialled: list[tuple[str, int]] = []
        self.handshakes: list[str] = []
        self.deaf: set[str] = set()
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(pem)
        self.context.sni_callback = lambda _line, name, _context: self.handshakes.append(name)
        self.trusted = ssl.create_default_context(cafile=str(pem))
        self.silent = threading.Event()
        self.listener = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=self._serve, daemon=True).start()

    def host(self, name: str, *addresses: str) -> None:
        """Let a name have these addresses from its next question on."""
        self.names.setdefault(name, []).append(list(addresses))

    def page(self, address: str, act: Act, *, method: str = "") -> None:
        """Let a page act so when it is asked for, by a method or by any."""
        host, _, path = address.removeprefix("https://").partition("/")
        self.acts[method, f"{host}/{path}"] = act
        if host not in self.names:
            self.host(host, PUBLIC)

    def checker(self, **changes: Any) -> links.Checker:
        """Return a checker that knows these hosts, does not wait between requests, and trusts the certificate."""
        known: dict[str, Any] = {"resolve": self.resolve, "dial": self.dial, "context": self.trusted}
        return links.Checker(**known | {"sleep": lambda _seconds: None} | changes)

    def resolve(self, name: str) -> list[str]:
        """Answer as name servers would: each question may get another answer, the last one stays."""
        self.resolved.append(name)
        answers = self.names.get(name)
        if not answers:
            raise links.Trouble("name")
        return answers.pop(0) if len(answers) > 1 else answers[0]

    def dial(self, address: str, port: int, seconds: float) -> socket.socket:
        """Note where a connection would go, and lead it to loopback."""
        self.dialled.append((address, port))
        if address in self.deaf:
            raise ConnectionRefusedError
        return links.dial("127.0.0.1", self.listener.getsockname()[1], seconds)

    def close(self) -> None:
        """Stop listening."""
        self.listener.close()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                line, _peer = self.listener.accept()
                threading.Thread(target=self._answer, args=[line], daemon=True).start()

    def _answer(self, line: socket.socket) -> None:
        with suppress(OSError), line:
            if self.silent.is_set():
                line.recv(1)
                threading.Event().wait(30)
            with self.context.wrap_socket(line, server_side=True) as talk:
                head = b""
                while b"\r\n\r\n" not in head:
                    head += talk.recv(4096)
                self.heads.append(head)
                method, path, _version = head.split(b"\r\n")[0].decode().split(" ")
                host = next(one for one in head.decode().split("\r\n") if one.startswith("Host: "))[6:]
                self.asked.append(f"{method} {host}{path}")
                act = self.acts.get((method, host + path)) or self.acts.get(("", host + path)) or say("404 Not Found")
                act(talk)


@pytest.fixture(scope="session")
def pem(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a certificate for the hosts of these tests."""
    return certificate(tmp_path_factory.mktemp("tls"), "a.example.org", "b.example.org", "xn--bcher-kva.example.org")


@pytest.fixture
def net(pem: Path) -> Iterator[Elsewhere]:
    """Give the internet of one test."""
    one = Elsewhere(pem)
    yield one
    one.close()
