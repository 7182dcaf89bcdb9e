"""Child processes that have a session of their own and do not outlive their parent."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_PR_SET_PDEATHSIG = 1  # prctl(2)


@dataclass(frozen=True)
class Account:
    """An account of the operating system that a child gives up root for."""

    user: int
    group: int


def spawn(
    command: Sequence[str | Path],
    *,
    at_parents_death: signal.Signals,
    account: Account | None = None,
    environment: Mapping[str, str] | None = None,
    directory: Path | None = None,
    output: int | None = None,
) -> subprocess.Popen[bytes]:
    """Start a child in a session of its own that gets the named signal should this process die.

    Call it from the main thread: the kernel takes the end of the calling thread for the parent's.
    """
    return subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=output,
        cwd=directory,
        env=environment,
        user=account.user if account else None,
        group=account.group if account else None,
        extra_groups=[] if account else None,
        # Signals typed at the terminal reach the parent alone, which stops its children in order.
        start_new_session=True,
        preexec_fn=_tie_to_parent(at_parents_death),  # noqa: PLW1509 - it must follow the change of user
    )


def end(process: subprocess.Popen[bytes], steps: Sequence[tuple[signal.Signals, float]]) -> None:
    """Send each signal in turn, waiting so many seconds after it, and kill what is left of the group."""
    for number, seconds in steps:
        if ended(process):
            break
        process.send_signal(number)
        wait_until(lambda: ended(process), seconds)
    kill_group(process)


def ended(process: subprocess.Popen[bytes]) -> bool:
    """Say whether the child has ended, without forgetting its number: its group can still be named by it."""
    if process.returncode is not None:
        return True
    return os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


def kill_group(process: subprocess.Popen[bytes]) -> None:
    """Kill everything in the child's session group, and reap the child."""
    if process.returncode is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def wait_until(condition: Callable[[], bool], seconds: float) -> bool:
    """Wait for a condition at most so many seconds; say whether it came."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def _tie_to_parent(number: signal.Signals) -> Callable[[], None]:
    libc = ctypes.CDLL(None)
    parent = os.getpid()

    def tie() -> None:
        libc.prctl(_PR_SET_PDEATHSIG, int(number), 0, 0, 0)
        # The parent may have died before the line above.
        if os.getppid() != parent:
            os._exit(1)

    return tie
