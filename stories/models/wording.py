"""The words that a lead put in place of the content pack's: house rules, and templates of letters."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import Q
from django.db.models.functions import JSONObject
from django.utils.translation import gettext_lazy as _

import content
from content import Rule


class Wording(models.Model):
    """A text that staff wrote: a house rule in other words, or a template of a letter.

    ``fields`` maps names ("title", "text", "reason") to words. A template's gaps stand in square brackets.
    """

    class Kind(models.TextChoices):
        """What the words are for."""

        RULE = "rule", _("House rule")
        TEMPLATE = "template", _("Template of a letter")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    code = models.CharField(max_length=30)
    language = models.CharField(max_length=10)
    fields: models.JSONField[Any, Any] = models.JSONField(default=dict)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["kind", "code", "language"], name="wording_once"),
            models.CheckConstraint(condition=Q(kind__in=["rule", "template"]), name="wording_kind_known"),
        )

    def __str__(self) -> str:
        return f"wording {self.pk}"


def words_of_rules(language: str) -> ArraySubquery:
    """Return what a lead wrote for the rules of a language, to be fetched with something else."""
    written = Wording.objects.filter(kind=Wording.Kind.RULE, language=language)
    return ArraySubquery(written.values(pair=JSONObject(code="code", fields="fields")))


def house_rules(language: str, written: Iterable[Mapping[str, Any]] | None = None) -> tuple[Rule, ...]:
    """Return the house rules in a language, in the order of the pack, with what a lead put in place of its words.

    ``written`` is that, where it was fetched with something else.
    """
    rules = content.load(language).rules
    if written is None:
        written = Wording.objects.filter(kind=Wording.Kind.RULE, language=language).values("code", "fields")
    pairs = [(one["code"], one["fields"]) for one in written]
    said = {code: {name: words for name, words in fields.items() if words} for code, fields in pairs}
    return tuple(replace(rule, **said.get(rule.code, {})) for rule in rules)
