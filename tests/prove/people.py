"""People of a simulated month, who do on the site's own pages what people do. A visit yields the minutes it takes."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from typing import Any

from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings
from django.test import Client
from django.test.client import ClientHandler

from accounts.models import Role, User
from accounts.sessions import names_of
from moderation.models import Case
from stories.models import Publication
from stories.owners import Owner
from tests import make
from tests.accounts import person
from tests.moderation import desk, reporting
from tests.prove.device import Device
from tests.stories import replying, writing
from tests.stories.page import Form, form, forms

Visit = Iterator[float]
REMINDER = "/accounts/reminder/"
HANDLER = ClientHandler(enforce_csrf_checks=False)  # one for all: each would read the site's files anew
WORDS = "slow kind early quiet bright heavy small open warm plain first other better worse long short".split()


class Truth:
    """What only this simulation knows: whose account, visit, text, sign, saved story and report each row is."""

    def __init__(self) -> None:
        self.people: dict[str, int] = {}  # ids of accounts and digests of visits, in hex
        self.texts: dict[str, int] = {}  # ids of texts and marks of what else was left, in hex
        self.names: list[str] = []  # what they sign in with: names, and ids of passkeys


def type_code(client: Client, url: str, secret: str) -> None:
    """Type what an app shows; once more where its half minute was just over."""
    assert any(client.post(url, {"code": person.code_now(secret)}).status_code == 302 for _again in range(3))


class Person:
    """Somebody with a browser, and with an account or a receipt code."""

    def __init__(self, number: int, truth: Truth, chance: random.Random) -> None:
        self.number, self.truth, self.chance = number, truth, chance
        self.at_once, self.has_account = chance.random() < 0.5, chance.random() < 0.85
        self.way = chance.choice(["password", "app", "code", "passkey"])
        self.device, self.is_reminded = Device(), False
        self.password, self.secret, self.codes, self.receipt = person.PASSWORD, "", [""], ""
        self.touches = False
        self.open()

    def open(self) -> None:
        """Open another browser."""
        number = self.number
        self.client = Client(REMOTE_ADDR=f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}")
        self.client.handler = HANDLER

    @property
    def owner(self) -> Owner:
        return (
            Owner.of_account(User.objects.get(handle=self.handle)) if self.has_account else Owner.of_code(self.receipt)
        )

    def note(self) -> None:
        """Note whose visit this is."""
        cookie = self.client.cookies.get(settings.SESSION_COOKIE_NAME)
        if cookie and cookie.value:
            self.truth.people |= {name.hex(): self.number for name in names_of(cookie.value)}

    def own(self, act: str, pk: Any) -> None:
        """Note whose sign, saved story or report about a text this is."""
        self.truth.texts[self.owner.once(act, pk).hex()] = self.number

    def press(self, page: Any, **typed: Any) -> Any:
        """Press a form's button as it was filled in; the leaky site of the control writes the visit's row beside it.

        What was open while a story went, or while too much of one's own waits, is refused, as in life.
        """
        answer = page.post(self.client, **typed)
        assert answer.status_code in {302, 303, 409}, answer.content.decode()[:3_000]
        if self.touches:
            store = self.client.session
            store["seen"] = len(str(store.get("seen", ""))) * "x"
            store.save()
        self.note()
        return answer

    def join(self) -> Visit:
        """Sign up, keep the codes; half of the authors write now, the others when they come back."""
        if not self.has_account:
            yield from self.write()
            self.receipt = self.client.session["receipt"]
            return
        for path in ("/", "/stories/", "/rules/"):
            self.client.get(path)
        yield self.chance.uniform(1, 10)
        self.handle, answer = person.join(self.client)
        self.truth.people[User.objects.get(handle=self.handle).pk.hex] = self.number
        self.truth.names.append(self.handle)
        self.note()
        self.codes = person.shown_codes(self.client.get("/accounts/codes/"))
        if self.chance.random() < 0.8:
            answer = self.client.post("/accounts/codes/", {"code": self.codes[0]})
            assert answer.status_code == 302, answer.content.decode()
        if self.way in {"app", "passkey"}:
            yield 1
            self.add_way()
        if self.chance.random() < 0.4:
            self.be_reminded()
        self.note()
        if self.at_once:
            yield self.chance.uniform(3, 15)
            yield from self.write()
        yield from self.read()

    def add_way(self) -> None:
        """Switch a second step on, or add a passkey."""
        url = "/accounts/2fa/totp/activate/" if self.way == "app" else "/accounts/2fa/webauthn/add/"
        page = self.client.get(url)
        if page.status_code == 302:
            self.client.post(page["Location"], {"password": self.password})
            page = self.client.get(url)
        if self.way == "passkey":
            assert self.device.add(self.client, url, page).status_code == 302
            self.truth.names.append(self.device.pk.hex())
            return
        self.secret = self.client.session["mfa.totp.secret"]
        type_code(self.client, url, self.secret)

    def be_reminded(self) -> None:
        """Look at the weekly mail, and let it come."""
        seen = self.client.post(REMINDER, {"preview": "1", "address": f"number.{self.number}@quay.example"})
        assert form(seen, REMINDER).post(self.client, on="1").status_code == 302
        self.is_reminded = True

    def sign_in(self) -> None:
        """Come back with another browser and get in, one way or another."""
        self.open()
        if not self.has_account:
            page = form(self.client.get("/stories/receipt/"), "/receipt/")
            page.post(self.client, code=self.receipt)
        elif self.way == "code" and len(self.codes) > 1:
            self.password = f"another {self.chance.choice(WORDS)} harbour {self.chance.randrange(999)}"
            typed = {"code": self.codes.pop(), "password": self.password}
            assert self.client.post("/accounts/recovery/", typed).status_code == 302
        elif self.way == "passkey":
            answer = self.device.sign_in(self.client, "/accounts/2fa/webauthn/login/")
            assert answer["Location"] == "/stories/mine/", answer["Location"]
        else:
            answer = person.sign_in(self.client, self.handle, self.password)
            assert answer.status_code == 302, answer.content.decode()
            if self.secret:
                type_code(self.client, answer["Location"], self.secret)
        self.note()

    def come_back(self) -> Visit:
        """Sign in, look at own texts, read, and write what was not written yet or change what was."""
        if not self.has_account and not self.receipt:  # erased meanwhile
            return
        self.sign_in()
        if self.is_reminded and self.chance.random() < 0.2:
            self.client.post(REMINDER, {"off": "1"})
            self.is_reminded = False
        yield self.chance.uniform(1, 4)
        mine = re.findall(r"/stories/status/([0-9a-f-]{36})/", self.client.get("/stories/mine/").content.decode())
        for pk in set(mine):
            self.client.get(f"/stories/status/{pk}/")
        yield from self.read()
        if not mine or self.chance.random() < 0.3:
            yield from self.write()
        else:
            yield from self.change(mine[0])

    def read(self) -> Visit:
        """Read some stories; leave signs, put some aside, answer one, and now and then report one."""
        found = list(Publication.objects.readable_by(make.member).stories().values_list("pk", flat=True))
        for pk in self.chance.sample(found, min(len(found), 3)):
            if self.client.get(f"/stories/{pk}/").status_code != 200:
                continue
            yield self.chance.uniform(1, 4)
            if self.has_account and self.chance.random() < 0.5 and (page := self.form_at(f"/stories/{pk}/react/")):
                self.press(page, kind="c1")
                self.own("reaction", pk)
            if self.has_account and self.chance.random() < 0.3:
                writer = self.owner.mark(pk)
                self.client.post(f"/stories/{pk}/save/", {"writer": writer, "keep": "1"})
                self.own("saved", pk)
            if self.chance.random() < 0.1 and (page := self.form_at(f"/report/{pk}/")):
                self.press(page, rules=["identify"], text=reporting.WORDS)
                self.own("report", pk)
        if found and self.has_account and self.chance.random() < 0.3:
            yield from self.answer(self.chance.choice(found))

    def form_at(self, path: str) -> Form | None:
        """Open a page and return its form; nothing where there is none, as for a text that is gone or one's own."""
        page = self.client.get(path, follow=True)
        return next((one for one in forms(page) if one.action == page.request["PATH_INFO"]), None)

    def write(self) -> Visit:
        """Write a story on its pages, and send it."""
        page = writing.begin(self.client)
        self.note()
        yield self.chance.uniform(3, 20)
        changed = {"title": f"A {self.chance.choice(WORDS)} way", "text": self.text(), "warnings": self.warnings()}
        answer = self.press(form(page, "/"), **(writing.TYPED | changed))
        yield from self.send(answer)

    def answer(self, story: Any) -> Visit:
        """Answer a story."""
        page = self.form_at(f"/stories/{story}/reply/")
        if page is not None:
            yield self.chance.uniform(1, 5)
            yield from self.send(self.press(page, **(replying.ANSWER | {"text": self.text()})))

    def send(self, kept: Any) -> Visit:
        """Look at a text that was kept once more, and send it."""
        preview = kept.headers.get("Location", "")
        page = self.client.get(preview)
        if kept.status_code == 409 or page.status_code != 200:
            return
        self.truth.texts[re.search(r"[0-9a-f-]{36}", preview.split("/preview/")[-1])[0].replace("-", "")] = self.number
        yield self.chance.uniform(0.5, 3)
        self.press(next(one for one in forms(page) if not one.action.endswith("/fix/")))

    def change(self, pk: str) -> Visit:
        """Change an own text, where it can be changed."""
        page = self.client.get(f"/stories/new/{pk}/story/")
        if page.status_code == 200 and any("text" in one.fields for one in forms(page)):
            yield self.chance.uniform(2, 9)
            self.press(form(page, "/"), text=self.text())

    def erase(self) -> Visit:
        """Erase the account; the texts stay without an owner, or go too."""
        self.sign_in()
        self.client.post("/accounts/reauthenticate/", {"password": self.password})
        yield 1
        page = self.client.get("/accounts/close/")
        if self.secret or page.status_code != 200:
            return
        page = form(page, "/close/")
        answer = page.post(self.client, staying=self.chance.choice(["none", "all"]))
        assert answer.status_code in {303, 422}, answer.content.decode()
        self.has_account = False

    def text(self) -> str:
        """Return words of some length or other."""
        return make.TEXT + "\n\n" + " ".join(self.chance.choices(WORDS, k=self.chance.randrange(10, 400)))

    def warnings(self) -> list[str]:
        return self.chance.sample(["w1", "w2", "w3"], self.chance.randrange(3))


class Moderator:
    """Somebody who reviews, with an app for codes."""

    def __init__(self, chance: random.Random) -> None:
        self.chance, self.secret = chance, generate_totp_secret()
        self.user = make.member(role=Role.MODERATOR)
        TOTP.activate(self.user, self.secret)

    def work(self) -> Visit:
        """Sign in and decide about what waits, one after another."""
        at = desk.Desk.__new__(desk.Desk)
        at.user, at.client = self.user, Client(REMOTE_ADDR="10.255.0.1")
        at.client.handler = HANDLER
        step = person.sign_in(at.client, self.user.handle, make.PASSWORD)
        type_code(at.client, step["Location"], self.secret)
        while True:
            answer = at.client.post("/moderation/next/")
            if "/cases/" not in answer.headers.get("Location", ""):
                return
            case = Case.objects.select_related("revision").get(pk=answer.url.split("/")[3])
            at.open(case)
            yield self.chance.uniform(1, 4)
            about = case.cause in {"new", "edit"}
            outcome = self.chance.choices(["approve", "ask_changes", "refuse"], [8, 1, 1])[0] if about else "keep"
            answer = at.decide(
                case, outcome, **({} if about else {"read": "on", "rules": [], "text": "", "passages": ""})
            )
            # Somebody may report the text between the look and the decision: then it is read anew, as the next one.
            assert answer.status_code in {303, 409}, answer.content.decode()
