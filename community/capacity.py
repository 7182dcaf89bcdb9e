"""How many connections one web process takes, and how many of them may be event streams."""

from __future__ import annotations

import resource

FILES_WANTED = 65_536
# A server that has reached its limit answers nobody, pages included: streams leave them this much room.
RESERVED_FOR_PAGES = 1_000


def streams(connections: int, files: int) -> int:
    """Return how many streams may be open: all but what pages need, and never more than half of a small number."""
    room = min(connections, files)
    return max(room - RESERVED_FOR_PAGES, room // 2)


def open_files() -> int:
    """Return how many files and connections this process may have open."""
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return FILES_WANTED if soft == resource.RLIM_INFINITY else soft


def raise_file_limit() -> None:
    """Let this process and its children hold as many connections as the system allows."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = FILES_WANTED if hard == resource.RLIM_INFINITY else min(hard, FILES_WANTED)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
