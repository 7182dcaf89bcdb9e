"""What the site itself says: articles and who reviewed them, links and whether they answer, trials."""

from advice.models.articles import (
    Article,
    ArticleQuerySet,
    Kind,
    Opinion,
    Remark,
    State,
    Version,
    VersionQuerySet,
)
from advice.models.links import Link, LinkQuerySet
from advice.models.reviews import LabelEnd, SignOff, Why
from advice.models.trials import Trial, TrialCopy, TrialQuerySet

__all__ = [
    "Article",
    "ArticleQuerySet",
    "Kind",
    "LabelEnd",
    "Link",
    "LinkQuerySet",
    "Opinion",
    "Remark",
    "SignOff",
    "State",
    "Trial",
    "TrialCopy",
    "TrialQuerySet",
    "Version",
    "VersionQuerySet",
    "Why",
]
