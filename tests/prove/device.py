"""A device with a passkey, as the server meets one: it signs what it is asked, for one host."""

from __future__ import annotations

import hashlib
import json
import re
import secrets
from html import unescape
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from django.test import Client
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData, CollectedClientData

HOST = "testserver"
FLAG = AuthenticatorData.FLAG
SEEN = FLAG.UP | FLAG.UV


class Device:
    """One key, made as it is added to an account."""

    def __init__(self) -> None:
        self.key, self.pk, self.user = ec.generate_private_key(ec.SECP256R1()), secrets.token_bytes(16), ""

    def add(self, client: Client, url: str, page: Any) -> Any:
        """Make the key that a page asks for, and send it."""
        (options,) = re.findall(r'data-options="([^"]+)"', page.content.decode())
        asked = json.loads(unescape(options))["publicKey"]
        self.user = asked["user"]["id"]
        public = ES256.from_cryptography_key(self.key.public_key())
        data = self._data(SEEN | FLAG.AT, AttestedCredentialData.create(b"\0" * 16, self.pk, public))
        made = {"attestationObject": websafe_encode(AttestationObject.create("none", data, {}))}
        return self._send(client, url, made, self._said(CollectedClientData.TYPE.CREATE, asked["challenge"]))

    def sign_in(self, client: Client, url: str) -> Any:
        """Sign in with it alone."""
        asked = client.get(url, headers={"accept": "application/json"}).json()["request_options"]["publicKey"]
        said, data = self._said(CollectedClientData.TYPE.GET, asked["challenge"]), self._data(SEEN)
        signature = self.key.sign(data + said.hash, ec.ECDSA(SHA256()))
        made = {"authenticatorData": websafe_encode(data), "signature": websafe_encode(signature)}
        return self._send(client, url, made | {"userHandle": self.user}, said)

    def _data(self, flags: Any, credential: bytes = b"") -> AuthenticatorData:
        return AuthenticatorData.create(hashlib.sha256(HOST.encode()).digest(), flags, 0, credential)

    def _said(self, what: Any, challenge: str) -> CollectedClientData:
        return CollectedClientData.create(what, challenge, f"https://{HOST}")

    def _send(self, client: Client, url: str, made: dict[str, str], said: CollectedClientData) -> Any:
        name = websafe_encode(self.pk)
        response = made | {"clientDataJSON": websafe_encode(said)}
        typed = {"id": name, "rawId": name, "type": "public-key", "response": response, "clientExtensionResults": {}}
        return client.post(url, {"credential": json.dumps(typed)})
