"""Children that are started again when they end by themselves, a little later each time."""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from community import children

_FIRST_PAUSE = 0.5
_LONGEST_PAUSE = 30.0
# Who lived this long was well; the next pause is short again.
_WELL_AFTER = 60.0


@dataclass
class Watched:
    """One child process that should always run."""

    name: str
    command: Sequence[str | Path]
    directory: Path
    environment: Mapping[str, str]
    seconds_to_stop: float
    _process: subprocess.Popen[bytes] | None = None
    _pause: float = _FIRST_PAUSE
    _started_at: float = field(default=0.0)
    _start_again_at: float = field(default=0.0)

    def start(self) -> None:
        """Start the child."""
        self._process = children.spawn(
            self.command,
            at_parents_death=signal.SIGTERM,
            directory=self.directory,
            environment=self.environment,
        )
        self._started_at = time.monotonic()

    def ended(self) -> bool:
        """Say whether the child is not running."""
        return self._process is None or children.ended(self._process)

    def look_after(self) -> str | None:
        """Clear away a child that ended and start it again when its pause is over; return what to say."""
        if self._process is None:
            if time.monotonic() >= self._start_again_at:
                self.start()
            return None
        if not self.ended():
            return None
        children.kill_group(self._process)
        self._process = None
        if time.monotonic() - self._started_at > _WELL_AFTER:
            self._pause = _FIRST_PAUSE
        pause, self._pause = self._pause, min(self._pause * 2, _LONGEST_PAUSE)
        self._start_again_at = time.monotonic() + pause
        return f"The {self.name} ended by itself; it is started again in {pause:g} s."

    def stop(self) -> None:
        """Ask the child to stop, give it its time, then end it and all that it started."""
        if self._process is not None:
            children.end(self._process, [(signal.SIGTERM, self.seconds_to_stop)])
            self._process = None
