"""Where a cluster of the embedded PostgreSQL lives and how it is reached, before there is one."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from community import roles
from community.local import OperatorError, private_directory, write_once

ADMIN = "fernway_admin"
ROOTS_PLACE = Path("/var/lib/fernway")
_POINTER = "postgres.json"
_LONGEST_SOCKET_DIRECTORY = 107 - len("/.s.PGSQL.5432")


class PostgresError(OperatorError):
    """The embedded server cannot run here; the message is one plain sentence."""


@dataclass(frozen=True)
class Place:
    """Where one cluster lives and how to reach it; it may not have been made yet."""

    data_dir: Path
    home: Path
    socket_dir: Path
    passwords: Mapping[str, str]

    def url(self, role: str, database: str = roles.DATABASE) -> str:
        """Return an address that libpq and django-environ read alike."""
        socket_dir = quote(str(self.socket_dir), safe="")
        return f"postgres://{role}:{self.passwords[role]}@/{database}?host={socket_dir}"

    @property
    def web_url(self) -> str:
        """The address for web and worker, as the role that owns nothing."""
        return self.url(roles.WEB)

    @property
    def owner_url(self) -> str:
        """The address for migrations, as the role that owns the tables."""
        return self.url(roles.OWNER)


def place(data_dir: Path) -> Place:
    """Return the cluster of a data directory, choosing its place and passwords on the first call."""
    data_dir = private_directory(data_dir.absolute())
    as_root = os.geteuid() == 0
    number = secrets.token_hex(8)
    first = {
        "home": str(ROOTS_PLACE / number) if as_root else None,
        # TMPDIR may itself be long, and another one in the next session.
        "short": f"/tmp/fernway-{number}",  # noqa: S108 - random name, made for the owner only, checked
        "passwords": {role: secrets.token_urlsafe(24) for role in (ADMIN, roles.OWNER, roles.WEB)},
    }
    kept = json.loads(write_once(data_dir / _POINTER, json.dumps(first, indent=1) + "\n"))
    if as_root and kept["home"] is None:
        raise PostgresError(f"{data_dir} was made by an ordinary user; run as that user, or set DATA_DIR.")
    home = Path(kept["home"] or data_dir / "postgres")
    fits = len(os.fsencode(home)) <= _LONGEST_SOCKET_DIRECTORY
    return Place(data_dir, home, home if fits else Path(kept["short"]), kept["passwords"])
