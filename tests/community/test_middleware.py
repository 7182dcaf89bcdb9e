from __future__ import annotations

import base64
import io
import re
import uuid

import pytest
from django.test import Client
from django.urls import reverse

from tests import make
from tests.architecture.answers import judged
from tests.community.broken_urls import PLANTED

HIDDEN = "\r\n".join(
    [
        "--x",
        'Content-Disposition: form-data; name="text"',
        "Content-Transfer-Encoding: base64",
        "",
        base64.b64encode(b"a\0b").decode(),
        "--x--",
        "",
    ]
)


@pytest.fixture(autouse=True)
def broken_addresses(settings: object) -> None:
    settings.ROOT_URLCONF = "tests.community.broken_urls"


@pytest.fixture
def visitor(db: None) -> Client:
    return Client(raise_request_exception=False)


def addresses() -> list[tuple[str, int]]:
    named = ["home", "rules", "privacy", "about", "accessibility", "design", "healthz", "robots"]
    return [
        *((reverse(f"community:{name}"), 200) for name in named),
        ("/help-now/", 200),
        ("/stories/", 200),
        ("/accounts/login/", 200),
        ("/accounts/signup/", 200),
        ("/moderation/", 302),
        ("/leave/", 303),
        ("/favicon.ico", 302),
        ("/readyz", 503),
        ("/rules", 301),
        ("/not/here/", 404),
        ("/broken/refuses/", 403),
        (reverse("stories:fix", args=[uuid.UUID(int=1)]), 405),
        ("/broken/breaks/", 500),
        ("/?f=%00", 400),
    ]


@pytest.mark.parametrize(("address", "status"), addresses())
def test_every_answer_is_private(visitor: Client, address: str, status: int) -> None:
    response = visitor.get(address)
    assert response.status_code == status
    assert judged(response, address) == []
    assert "unsafe" not in response.headers["Content-Security-Policy"]


def test_an_address_of_a_button_says_so(visitor: Client) -> None:
    response = visitor.get(reverse("stories:fix", args=[uuid.UUID(int=1)]))
    assert (response.status_code, response.headers["Allow"]) == (405, "POST")
    assert "It belongs to a button on another page." in response.content.decode()
    assert "data-leave " in response.content.decode()


def test_a_page_writes_one_line_without_who_and_what(visitor: Client, log: io.StringIO) -> None:
    story = make.published(title="A title that stays out")
    address = reverse("stories:detail", args=[story.pk])
    visitor.get(address + "?q=searched", REMOTE_ADDR="198.51.100.7", HTTP_USER_AGENT="Somebodys-Phone")
    (line,) = log.getvalue().splitlines()
    assert re.fullmatch(
        r"time=\d{4}-\d\d-\d\dT\d\d:\d\dZ level=info event=page request=[0-9a-f]{12} "
        r"route=stories:detail status=200 ms=\d+ logger=community\.middleware",
        line,
    )


@pytest.mark.parametrize("address", ["/not/here/7f3a/?who=me", "/broken/breaks/?who=me", "/broken/refuses/?who=me"])
def test_an_error_is_logged_without_its_path(visitor: Client, log: io.StringIO, address: str) -> None:
    visitor.get(address, REMOTE_ADDR="198.51.100.7")
    said = log.getvalue()
    assert not [part for part in ("7f3a", "broken/", "who=me", "198.51", PLANTED) if part in said]
    assert "status=" in said


def test_a_sign_in_is_logged_without_the_handle(visitor: Client, log: io.StringIO) -> None:
    visitor.post("/accounts/login/", {"login": "calm-otter-9", "password": "wrong-words-1"})
    assert "route=account_login" in log.getvalue()
    assert not [part for part in ("calm-otter-9", "wrong-words-1") if part in log.getvalue()]


def test_an_error_page_carries_the_number_of_its_log_line(visitor: Client, log: io.StringIO) -> None:
    body = visitor.get("/broken/breaks/").content.decode()
    number = re.search(r"<code>([0-9a-f]{12})</code>", body)
    assert number is not None
    assert log.getvalue().count(f"request={number[1]}") == 2
    assert PLANTED not in body


def test_the_page_of_a_failure_asks_nothing(visitor: Client, django_assert_num_queries: object) -> None:
    visitor.cookies["visit"] = "a" * 32
    with django_assert_num_queries(0):
        response = visitor.get("/broken/breaks/")
    assert response.status_code == 500
    assert "It is not your fault" in response.content.decode()


@pytest.mark.parametrize("address", ["/?a=%00", "/stories/?after=%00", "/not%00here/", "/help-now/?country=G%00B"])
def test_nul_in_an_address_is_a_sentence(visitor: Client, address: str) -> None:
    response = visitor.get(address)
    assert response.status_code == 400
    assert "could not be understood" in response.content.decode()


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("text=a%00b", "application/x-www-form-urlencoded"),
        ("text=a\0b", "application/x-www-form-urlencoded"),
        (
            '--x\r\nContent-Disposition: form-data; name="text"\r\n\r\na\0b\r\n--x--\r\n',
            "multipart/form-data; boundary=x",
        ),
        (
            HIDDEN,
            "multipart/form-data; boundary=x",
        ),
    ],
)
def test_nul_in_a_form_is_a_sentence(visitor: Client, body: str, kind: str) -> None:
    response = visitor.post("/broken/echoes/", body, content_type=kind)
    assert response.status_code == 400
    assert "nothing was changed" in response.content.decode()


@pytest.mark.parametrize("charset", ["unicode_escape", "utf-16", "latin-1", "utf-7", "hex", "no-such-thing", ""])
@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])
def test_a_form_in_another_encoding_is_a_sentence(visitor: Client, kind: str, charset: str) -> None:
    body = (
        "text=a\\x00b"
        if "www" in kind
        else ('--x\r\nContent-Disposition: form-data; name="text"\r\n\r\na\\x00b\r\n--x--\r\n')
    )
    response = visitor.generic("POST", "/broken/echoes/", body, content_type=f"{kind}; charset={charset}")
    assert response.status_code == 400
    assert "nothing was changed" in response.content.decode()


@pytest.mark.parametrize("charset", ["utf-8", "UTF-8", '"utf-8"'])
def test_a_form_that_names_the_sites_own_encoding_arrives(visitor: Client, charset: str) -> None:
    kind = f"application/x-www-form-urlencoded; charset={charset}"
    assert visitor.generic("POST", "/broken/echoes/", "text=a%C3%A9", content_type=kind).content.decode() == "a\u00e9"


def test_a_form_without_nul_arrives_whole(visitor: Client) -> None:
    assert visitor.post("/broken/echoes/", {"text": "100%25 0\u00e9"}).content.decode() == "100%25 0\u00e9"


def test_a_strange_host_is_a_sentence(visitor: Client, log: io.StringIO) -> None:
    response = visitor.get("/", HTTP_HOST="evil.example")
    assert response.status_code == 400
    assert "could not be understood" in response.content.decode()
    assert "evil.example" not in log.getvalue()


@pytest.mark.parametrize("address", ["/", "/stories/", "/stories/7b0c1e5e-6a53-4a6c-9a35-0e0e5b6b7d11/"])
def test_without_the_database_a_page_asks_for_a_moment(database_down: None, log: io.StringIO, address: str) -> None:
    client = Client(raise_request_exception=False)
    client.cookies["visit"] = "a" * 32
    response = client.get(address)
    assert response.status_code == 503
    assert int(response.headers["Retry-After"]) > 0
    assert judged(response, address) == []
    assert "usually takes less than a minute" in response.content.decode()
    assert "OperationalError" in log.getvalue()


@pytest.mark.parametrize("name", ["privacy", "about", "accessibility"])
def test_what_needs_no_figure_works_without_the_database(database_down: None, name: str) -> None:
    assert Client(raise_request_exception=False).get(reverse(f"community:{name}")).status_code == 200
