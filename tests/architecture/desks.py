"""What staff can press: an open case of every cause among planted words, every address, and every button there."""

from __future__ import annotations

import copy
import uuid
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core import mail
from django.db import transaction
from django.urls import URLResolver, reverse

from accounts.models import Role, User
from moderation import urls
from moderation.actions import Conflict, claim
from moderation.actions.leading import invite
from moderation.models import OUTCOMES, Case, Cause, Report
from stories.models import Contribution, Outcome
from tests import make
from tests.architecture.canaries import Field, word
from tests.moderation import two

# What whoever holds a case of each kind may see, beside what readers see: the text, and what was written about it.
# What one of two people said, and how a text was decided that is read again, is not among it.
HELD = {
    "new": ("waiting",),
    "answer": ("answerwaiting",),
    "urgent": ("urgent",),
    "edit": ("pending",),
    "report": ("reported",),
    "hidden": ("hidden",),
    "appeal": ("appealed", "appeal"),
    "sample": ("sampled",),
    "second": ("second",),
    "contested": ("contested",),
}
FOR_LEADS = {"contested"}


def cases(ground: Field, settings: Any) -> dict[str, Case]:
    """Plant what `planted` has not, and return an open case of every kind; who reads it has to be there before."""
    ground.plant("urgent", text=f"{ground.typed('urgent')['text']}\n\nI want to die tonight.")
    settings.SAMPLE_SHARE, settings.OWNER_WAITING_CAP = 1.0, 100
    for _who_could_read_it in range(2):
        make.moderator()
    ground.plant("sampled", Outcome.REFUSE)
    settings.SAMPLE_SHARE = 0.0
    ground.words["blind_sample"] = ground.words.pop("sampled_note")
    for name, outcomes in {"second": [Outcome.REFUSE], "contested": [Outcome.REFUSE, Outcome.ASK_CHANGES]}.items():
        case = two.open_case(ground.plant(name))
        for outcome, person in zip(outcomes, two.people(2), strict=False):
            place = f"blind_{name}{outcome.value}"
            ground.words[place] = word(place).encode()
            two.decides(case, outcome, person, second=True, text=f"It is about {word(place)}.")
    titles = {name: word(f"{HELD[name][0]}_title") for name in ("new", "urgent", "edit", "hidden", "appeal", "sample")}
    titles |= {name: word(f"{name}_title") for name in ("second", "contested")}
    titles["report"] = word("approved_title")
    found = {name: Case.objects.get(closing="", revision__title__contains=title) for name, title in titles.items()}
    found["answer"] = Case.objects.get(closing="", revision__text__contains=word("answerwaiting_text"))
    assert {case.cause for case in found.values()} == set(Cause.values)
    assert found.keys() == HELD.keys()
    return found


def signs(*people: User) -> dict[bytes, str]:
    """Return all by which a page could say whose text it is, or who reported it."""
    found = {b"from_receipt": "how it was sent", b"person_seal": "a name of a column", b"owner_tag": "another"}
    for user in people:
        found |= dict.fromkeys([user.handle.encode(), str(user.pk).encode(), user.pk.hex.encode()], "an account")
        found |= dict.fromkeys(_spellings(bytes(user.owner_secret)), "a secret")
    for one in Contribution.objects.all():
        for name in ("owner_tag", "person_seal", "voice"):
            found |= dict.fromkeys(_spellings(bytes(getattr(one, name))), f"{name} of a text")
    for unread in Contribution.objects.filter(publication=None):
        found |= {str(unread.pk).encode(): "a text nobody reads", unread.pk.hex.encode(): "a text nobody reads"}
    for told in Report.objects.all():
        found |= dict.fromkeys(_spellings(bytes(told.mark)), "the mark of a report")
    return found


def _spellings(secret: bytes) -> list[bytes]:
    return [secret, secret.hex().encode(), *(form(secret).rstrip(b"=") for form in (b64encode, urlsafe_b64encode))]


class Staff:
    """Somebody who reviews, at every address that staff have; each press is taken back once it is answered."""

    def __init__(self, user: User) -> None:
        self.user, self.client = user, make.client_of(user)
        self.served: list[tuple[str, bytes]] = []
        self.done: set[str] = set()
        self.invitation = invite(Role.MODERATOR, lead=make.moderator(role=Role.LEAD))[0]
        self.colleague = make.moderator(second_factor=False)

    def press_everything(self, case: Case, *, only_its_own: bool = False) -> None:
        """Open every page and press every button there is for a case that is held, where it can be."""
        for name, path in self.routes(case):
            if only_its_own and str(case.pk) not in path and name not in {"next", "reopen"}:
                continue
            for body in [None, *self.bodies(name, case)]:
                with self.undone():
                    held = self.held(case, name)
                    token = held.lease_token or uuid.UUID(int=0)
                    self.ask(name, path, None if body is None else {"token": str(token)} | body)
                    if name == "decide":
                        self.ask("case", reverse("moderation:case", args=[case.pk]), None)
        self.served += [("mail", one.message().as_bytes()) for one in mail.outbox]

    def held(self, case: Case, name: str) -> Case:
        """Take a case, where this person may, and what is pressed needs it in hand."""
        try:
            return case if name == "take" else claim(case.pk, moderator=self.user)
        except Conflict:
            return case

    def ask(self, name: str, path: str, body: dict[str, Any] | None) -> None:
        """Open or send, and keep every byte of the answer."""
        answer = self.client.get(path) if body is None else self.client.post(path, body, follow=True)
        if answer.status_code < 400:
            self.done.add(name)
        what = f"{'get' if body is None else 'post'} {path} {answer.status_code}"
        self.served.append((what, _bytes(answer) + repr(getattr(answer, "redirect_chain", "")).encode()))

    def routes(self, case: Case) -> Iterator[tuple[str, str]]:
        """Yield name and address of everything that staff have, for a case."""
        things: dict[str, tuple[Any, ...]] = {
            "cases/": (case.pk,),
            "people/invitations/": (self.invitation.pk,),
            "people/<": (self.colleague.pk,),
            "texts/": (case.revision_id,),
            "words/<": ("rule", "kind", "en"),
        }
        for resolver in urls.urlpatterns:
            for pattern in resolver.url_patterns if isinstance(resolver, URLResolver) else ():
                place = next((key for key in things if str(pattern.pattern).startswith(key)), "")
                yield pattern.name, reverse(f"moderation:{pattern.name}", args=things.get(place, ()))

    def bodies(self, name: str, case: Case) -> list[dict[str, Any]]:
        """Return what is sent to an address: all that may be asked for, and each decision there is."""
        words = {"text": "Please leave it out.", "rules": ["kind"], "passages": case.revision.text[:20]}
        if name == "decide":
            again = {"request_id": str(uuid.uuid4())}
            asked = [again | words | {"outcome": one, "words.text": "Other words."} for one in OUTCOMES[case.cause]]
            kept = [again | {"outcome": one, "read": "on"} for one in (Outcome.APPROVE, Outcome.KEEP)]
            late = again | words | {"outcome": asked[-1]["outcome"], "token": str(uuid.UUID(int=0))}
            return [*asked, *kept, late, {"insert": "1", "draft": "contact"}, {}]
        only = {"note": {"note": "Please look."}, "escalate": {"note": "Please look."}, "hide": {"rules": ["kind"]}}
        only |= {"message": {"message": "You are not alone."}, "skip": {}, "release": {}}
        sent = only.get(name, {"role": "moderator", "title": "Be gentle", "text": "Words.", "reason": "Because."})
        return (
            [sent | {"person": str(self.user.pk), "day_cap": 40, "sample_percent": 5}] if name not in only else [sent]
        )

    @contextmanager
    def undone(self) -> Iterator[None]:
        """Take back whatever is done within."""
        cookies = copy.deepcopy(self.client.cookies)
        try:
            with transaction.atomic():
                yield
                transaction.set_rollback(True)
        finally:
            self.client.cookies = cookies


def _bytes(answer: Any) -> bytes:
    body = b"".join(answer) if answer.streaming else answer.content
    return bytes(body + repr(dict(answer.headers)).encode() + str(answer.cookies).encode())


def names_of_routes() -> set[str]:
    """Return the names of all addresses that staff have."""
    staff = [one for one in urls.urlpatterns if isinstance(one, URLResolver)]
    return {pattern.name for one in staff for pattern in one.url_patterns}
