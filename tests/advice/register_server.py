"""A register of trials on this machine: it speaks the documented protocol, and misbehaves on demand."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

STAMP = "2026-11-20T09:00:05"


def study(number: int, **changes: Any) -> dict[str, Any]:
    """Return a record in the register's own shape."""
    told = {
        "title": f"Trial number {number}",
        "status": "RECRUITING",
        "changed": "2026-11-01",
        "phases": ["NA"],
        "countries": ["United States"],
        "summary": "What is done.",
        "eligibility": "Inclusion Criteria:\n\n* Adults\n* Able to read",
        "least": "18 Years",
        "most": "65 Years",
        "sex": "FEMALE",
        "interventions": ["Device: something"],
    } | changes
    return {
        "protocolSection": {
            "identificationModule": {"nctId": f"NCT{number:08}", "briefTitle": told["title"]},
            "statusModule": {
                "overallStatus": told["status"],
                "startDateStruct": {"date": "2026-01"},
                "lastUpdatePostDateStruct": {"date": told["changed"], "type": "ACTUAL"},
            },
            "sponsorCollaboratorsModule": {"leadSponsor": {"name": "A university"}},
            "descriptionModule": {"briefSummary": told["summary"]},
            "conditionsModule": {"conditions": ["Something"]},
            "designModule": {"studyType": "INTERVENTIONAL", "phases": told["phases"]},
            "armsInterventionsModule": {"interventions": [{"name": one} for one in told["interventions"]]},
            "eligibilityModule": {
                "eligibilityCriteria": told["eligibility"],
                "sex": told["sex"],
                "minimumAge": told["least"],
                "maximumAge": told["most"],
            },
            "contactsLocationsModule": {
                "locations": [{"city": "A city", "country": one, "status": told["status"]} for one in told["countries"]]
            },
        }
    }


class Register(ThreadingHTTPServer):
    """The register; ``script`` holds what it does instead of answering, request for request (None: it answers)."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.stamp: Any = STAMP
        self.studies: dict[str, list[dict[str, Any]]] = {}
        self.page_size = 1000
        self.script: list[Callable[[Handler], None] | None] = []
        self.change_page: Callable[[dict[str, Any]], Any] = lambda page: page
        self.asked: list[tuple[str, dict[str, str]]] = []

    @property
    def base(self) -> str:
        """Return the address to be asked."""
        return f"http://127.0.0.1:{self.server_address[1]}/api/v2"

    def page(self, asked: dict[str, str]) -> tuple[int, Any]:
        """Return a status and one page as the documentation has it."""
        found = self.studies.get(asked["query.cond"], [])
        rest = {name: value for name, value in asked.items() if name != "pageToken"}
        seal = f"{abs(hash(json.dumps(rest, sort_keys=True))):x}"
        start = 0
        if token := asked.get("pageToken"):
            sealed, _, place = token.partition("-")
            if sealed != seal:
                return 400, {"message": "the other parameters changed"}
            start = int(place)
        end = start + min(int(asked.get("pageSize", 10)), self.page_size, 1000)
        page: dict[str, Any] = {"studies": found[start:end]}
        if asked.get("countTotal") == "true" and not start:
            page["totalCount"] = len(found)
        if end < len(found):
            page["nextPageToken"] = f"{seal}-{end}"
        return 200, self.change_page(page)


class Handler(BaseHTTPRequestHandler):
    """One request."""

    server: Register

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        asked = dict(parse_qsl(parts.query))
        self.server.asked.append((parts.path, asked))
        act = self.server.script.pop(0) if self.server.script else None
        if act:
            act(self)
        elif parts.path == "/api/v2/version":
            self.answer(200, {"apiVersion": "2.0.5", "dataTimestamp": self.server.stamp})
        elif parts.path == "/api/v2/studies":
            self.answer(*self.server.page(asked))
        else:
            self.answer(404, {})

    def answer(self, status: int, found: Any, **headers: str) -> None:
        """Answer with JSON, or with bytes as they are."""
        body = found if isinstance(found, bytes) else json.dumps(found).encode()
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", "Content-Length": str(len(body)), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: Any) -> None:
        """Say nothing."""


def says(status: int, found: Any = None, **headers: str) -> Callable[[Handler], None]:
    """Answer like this."""
    return lambda handler: handler.answer(status, {} if found is None else found, **headers)


def cut_off(handler: Handler) -> None:
    """Promise more than is sent."""
    handler.send_response(200)
    handler.send_header("Content-Length", "5000")
    handler.end_headers()
    handler.wfile.write(b'{"studies": [')


def half(handler: Handler) -> None:
    """Send half an answer without saying how long it is."""
    handler.send_response(200)
    handler.end_headers()
    handler.wfile.write(b'{"studies": [')


def hang_up(handler: Handler) -> None:
    """Say nothing at all."""
    handler.connection.close()


def silent(handler: Handler) -> None:
    """Say nothing for longer than anybody waits here."""
    time.sleep(1)


def drip(handler: Handler) -> None:
    """Send a little every now and then, without an end."""
    handler.send_response(200)
    handler.end_headers()
    try:
        for _ in range(100):
            handler.wfile.write(b" ")
            handler.wfile.flush()
            time.sleep(0.05)
    except OSError:
        return


@contextmanager
def running() -> Iterator[Register]:
    """Run a register."""
    server = Register()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
