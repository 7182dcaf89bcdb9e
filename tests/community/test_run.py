"""The local run as an operator meets it: one sentence when it cannot, a clean stop, back after a fall."""

import base64
import http.client
import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from community import children, postgres

ROOT = Path(__file__).resolve().parent.parent.parent
SECONDS_TO_START = 90
OURS = ("LOCAL_RUN", "DATA_DIR", "PORT", "SECRET_KEY", "OWNERSHIP_KEYS", "SESSION_KEYS", "ADDRESS_KEYS", "LOG_LEVEL")


@dataclass
class Site:
    """One data directory and port, and the commands run on them."""

    data_dir: Path
    port: int

    def environment(self, **changes: str) -> dict[str, str]:
        """Return an environment that knows nothing but these."""
        inherited = {name: value for name, value in os.environ.items() if name not in OURS and "DATABASE" not in name}
        own = {"LOCAL_RUN": "1", "DATA_DIR": str(self.data_dir), "PORT": str(self.port)}
        return {**inherited, **own, **changes}

    def command(self, name: str, **changes: str) -> subprocess.CompletedProcess[str]:
        """Run a management command to its end."""
        return subprocess.run(
            [sys.executable, "manage.py", name],
            check=False,
            cwd=ROOT,
            env=self.environment(**changes),
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            timeout=120,
        )

    def start(self, **changes: str) -> "Running":
        """Start the site and wait for its address."""
        output = self.data_dir.parent / f"output-{secrets.token_hex(4)}"
        with output.open("w") as file:
            process = subprocess.Popen(
                [sys.executable, "manage.py", "run"],
                cwd=ROOT,
                env=self.environment(**changes),
                stdout=file,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )
        running = Running(self, process, output)
        address = f"http://127.0.0.1:{self.port}/"
        children.wait_until(lambda: address in running.said() or process.poll() is not None, SECONDS_TO_START)
        assert address in running.said()
        assert process.poll() is None, running.said()
        return running


@dataclass
class Running:
    """A site that was started."""

    site: Site
    process: subprocess.Popen[bytes]
    output: Path

    def said(self) -> str:
        """Return what it printed so far."""
        return self.output.read_text()

    def parts(self) -> dict[str, int]:
        """Return the numbers of its children by name."""
        names = {"granian": "web", "manage.py work": "worker", "postgres": "postgres"}
        return {
            names[word]: number
            for number, (parent, command) in processes().items()
            if parent == self.process.pid
            for word in names
            if word in command
        }

    def answers(self) -> bool:
        """Say whether a page comes back."""
        connection = http.client.HTTPConnection("127.0.0.1", self.site.port, timeout=5)
        try:
            connection.request("GET", "/readyz")
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def leave_nothing(self) -> bool:
        """Say whether nothing of it runs any more."""
        marks = (str(self.site.data_dir), str(self.site.port), str(postgres.place(self.site.data_dir).home))
        return not [command for _, command in processes().values() if any(mark in command for mark in marks)]

    def stop(self, number: signal.Signals) -> tuple[int, float]:
        """Send a signal to it as a terminal would; return its exit status and the seconds it took."""
        began = time.monotonic()
        os.killpg(self.process.pid, number)
        return self.process.wait(timeout=30), time.monotonic() - began


def processes() -> dict[int, tuple[int, str]]:
    """Return the parent and command line of each process on this machine."""
    found = {}
    for directory in Path("/proc").glob("[0-9]*"):
        try:
            command = (directory / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            parent = int((directory / "stat").read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
        if command:
            found[int(directory.name)] = (parent, command)
    return found


def one_sentence(finished: subprocess.CompletedProcess[str]) -> str:
    """Return the only line that a refused command printed."""
    lines = (finished.stdout + finished.stderr).strip().splitlines()
    assert finished.returncode == 1, lines
    assert len(lines) == 1, lines
    return lines[0]


@pytest.fixture
def site() -> Iterator[Site]:
    """Give a free port and a data directory to be made; end and clear away what is left."""
    top = Path(tempfile.mkdtemp(prefix="fernway-test-"))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    yield Site(top / "data", port)
    for number, (_, command) in processes().items():
        if "manage.py run" in command and Path(f"/proc/{number}/environ").read_bytes().find(bytes(top)) >= 0:
            os.kill(number, signal.SIGTERM)
            children.wait_until(lambda number=number: number not in processes(), 15)
    if (top / "data" / "postgres.json").exists():
        postgres.remove(top / "data")
    shutil.rmtree(top)


def test_taken_port_is_one_sentence_before_anything_starts(site: Site) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", site.port))
        other.listen()
        said = one_sentence(site.command("run"))
    assert said.startswith(f"Port {site.port} is taken")
    assert not (site.data_dir / "postgres.log").exists()


def test_impossible_port_is_one_sentence(site: Site) -> None:
    assert one_sentence(site.command("run", PORT="70000")).startswith("PORT must be a number")


@pytest.mark.parametrize("name", ["run", "code", "clean_data"])
def test_unusable_data_directory_is_one_sentence(site: Site, name: str) -> None:
    site.data_dir.write_text("a file")
    said = one_sentence(site.command(name, DATA_DIR=str(site.data_dir / "inside")))
    assert said.startswith("The data directory")


@pytest.mark.parametrize("name", ["run", "code", "clean_data"])
def test_command_for_the_local_run_is_refused_elsewhere(site: Site, name: str) -> None:
    key = base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()
    changes = {"LOCAL_RUN": "0", "SECRET_KEY": key, "OWNERSHIP_KEYS": key, "SESSION_KEYS": key, "ADDRESS_KEYS": key}
    said = one_sentence(site.command(name, DATABASE_URL="postgres://a:b@127.0.0.1:1/c", **changes))
    assert said.startswith("This command is for the local run only")
    assert not site.data_dir.exists()


def test_missing_secret_outside_the_local_run_is_one_sentence(site: Site) -> None:
    said = one_sentence(site.command("run", LOCAL_RUN="0", DATABASE_URL="postgres://a:b@127.0.0.1:1/c"))
    assert said.startswith("SECRET_KEY is not set")


def test_unreachable_server_of_the_operators_own_is_one_sentence(site: Site) -> None:
    said = one_sentence(site.command("run", DATABASE_URL="postgres://a:secret@127.0.0.1:1/c"))
    assert "cannot be reached: " in said
    assert said.endswith("Connection refused.")
    assert "secret" not in said


def test_code_before_the_first_run_is_one_sentence(site: Site) -> None:
    assert "make run" in one_sentence(site.command("code"))


def test_run_starts_once_tells_its_secrets_once_and_stops_clean(site: Site) -> None:
    first = site.start()
    assert children.wait_until(first.answers, 20)
    assert set(first.parts()) == {"web", "worker", "postgres"}
    assert "second factor" in first.said()
    code = site.command("code")
    assert re.fullmatch(r"\d{6}\n", code.stdout), code.stderr
    refused = one_sentence(site.command("run"))
    assert refused.startswith("Something is already running")
    assert first.answers()
    assert "Launching" not in first.said()
    status, seconds = first.stop(signal.SIGINT)
    assert (status, seconds < 8, first.leave_nothing()) == (0, True, True), first.said()
    assert "Traceback" not in first.said()

    second = site.start()
    assert "second factor" not in second.said()
    status, seconds = second.stop(signal.SIGTERM)
    assert (status, seconds < 8, second.leave_nothing()) == (0, True, True), second.said()
    assert "Traceback" not in second.said()


def test_run_uses_the_operators_own_server_and_leaves_examples_out(site: Site) -> None:
    other = postgres.place(site.data_dir.parent / "other")
    with postgres.Server(other, durable=False):
        running = site.start(DATABASE_URL=other.web_url, DATABASE_OWNER_URL=other.owner_url)
        assert children.wait_until(running.answers, 20), running.said()
        assert set(running.parts()) == {"web", "worker"}
        with psycopg.connect(other.owner_url) as owner:
            assert owner.execute("SELECT count(*) FROM stories_contribution").fetchone() == (0,)
        status, _ = running.stop(signal.SIGINT)
        assert (status, "Traceback" in running.said()) == (0, False), running.said()
    assert not (site.data_dir / "postgres.log").exists()
    postgres.remove(other.data_dir)


def test_failing_step_stops_what_was_started(site: Site) -> None:
    other = postgres.place(site.data_dir.parent / "other")
    with postgres.Server(other, durable=False):
        ended = site.command("run", DATABASE_URL=other.web_url)
    assert ended.returncode == 1
    assert "permission denied" in ended.stderr
    assert ended.stderr.splitlines()[-1].startswith("The step `migrate` failed")
    postgres.remove(other.data_dir)


def test_run_brings_back_each_part_that_is_killed(site: Site) -> None:
    running = site.start()
    for name in ("web", "worker", "postgres"):
        before = running.parts()[name]
        os.kill(before, signal.SIGKILL)
        assert children.wait_until(lambda: running.parts().get(name, before) != before, 20), running.said()  # noqa: B023
        assert children.wait_until(running.answers, 20), running.said()
    assert running.said().count("it is started again") == 3
    status, _ = running.stop(signal.SIGINT)
    assert (status, running.leave_nothing()) == (0, True), running.said()


def test_killed_run_takes_everything_with_it_and_the_next_starts(site: Site) -> None:
    first = site.start()
    first.process.kill()
    first.process.wait()
    second = site.start()
    assert children.wait_until(second.answers, 20), second.said()
    assert [parent for parent, command in processes().values() if f"--port {site.port}" in command].count(
        second.process.pid
    ) == 1
    second.process.kill()
    second.process.wait()
    assert children.wait_until(second.leave_nothing, 10)
