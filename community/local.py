"""What the local run keeps in its data directory: secrets made once, and a claim on its sole use."""

from __future__ import annotations

import base64
import contextlib
import fcntl
import os
import secrets
from pathlib import Path
from types import TracebackType

SECRET_NAMES = ("SECRET_KEY", "OWNERSHIP_KEYS", "SESSION_KEYS", "ADDRESS_KEYS")
_KEYS_FILE = "keys.env"


class OperatorError(Exception):
    """Something the operator can mend; the message is one plain sentence."""


def local_environment(data_dir: Path) -> dict[str, str]:
    """Return the secrets of the local run, made on the first call and kept in the data directory."""
    text = write_once(private_directory(data_dir) / _KEYS_FILE, new_keys())
    return dict(line.split("=", 1) for line in text.splitlines() if "=" in line and not line.startswith("#"))


def new_keys() -> str:
    """Return new secrets as lines of an environment file."""
    return "".join(f"{name}={_random_key()}\n" for name in SECRET_NAMES)


def private_directory(path: Path) -> Path:
    """Make the directory for its owner only when it is missing, and prove that it can be written."""
    try:
        # Parents get the usual mode: only what is ours is closed.
        path.parent.mkdir(parents=True, exist_ok=True)
        with contextlib.suppress(FileExistsError):
            path.mkdir(mode=0o700)
        if not path.is_dir():
            raise NotADirectoryError
    except OSError as error:
        raise _unwritable(path) from error
    if not os.access(path, os.W_OK | os.X_OK):
        raise _unwritable(path)
    return path


def write_once(path: Path, text: str) -> str:
    """Write a file for its owner's eyes unless it exists, whole or not at all, and return what it holds."""
    if not path.exists():
        spare = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
        try:
            _write_private(spare, text)
            # A link never replaces: of two processes that start at once, one file stays for both.
            with contextlib.suppress(FileExistsError):
                path.hardlink_to(spare)
        except OSError as error:
            raise _unwritable(path.parent) from error
        finally:
            spare.unlink(missing_ok=True)
    try:
        return path.read_text()
    except OSError as error:
        raise OperatorError(f"{path} cannot be read by this user; choose another DATA_DIR.") from error


class Claim:
    """A lock on a file that ends with the process that holds it, however that process ends."""

    def __init__(self, path: Path) -> None:
        """Name the file; nothing is opened yet."""
        self._path = path
        self._descriptor: int | None = None

    def take(self) -> bool:
        """Take the lock; return whether the holder before ended without letting go of it."""
        try:
            descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise _unwritable(self._path.parent) from error
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(descriptor)
            raise OperatorError(
                f"Something is already running from {self._path.parent}; stop it, or choose another DATA_DIR."
            ) from error
        left_behind = os.read(descriptor, 1) != b""
        os.pwrite(descriptor, b"held\n", 0)
        self._descriptor = descriptor
        return left_behind

    def release(self) -> None:
        """Let go of the lock and leave the file empty: a clean end."""
        if self._descriptor is not None:
            os.ftruncate(self._descriptor, 0)
            os.close(self._descriptor)
            self._descriptor = None

    def __enter__(self) -> Claim:
        """Take the lock."""
        self.take()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let go of the lock."""
        self.release()


def _random_key() -> str:
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode("ascii")


def _write_private(path: Path, text: str) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def _unwritable(path: Path) -> OperatorError:
    return OperatorError(f"The data directory {path} cannot be written; set DATA_DIR to one that can.")
