"""What a page says of itself to machines (schema.org, JSON-LD 1.1). Nothing is said that is not true of the page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.urls import reverse

from advice.reading import ArticlePage


def article_data(page: ArticlePage, absolute: Callable[[str], str]) -> dict[str, Any]:
    """Describe an article as a MedicalWebPage; ``lastReviewed`` and ``reviewedBy`` only while a review is in date."""
    version, article = page.version, page.version.article
    address = absolute(reverse("advice:article_in", args=[article.slug, article.language]))
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "MedicalWebPage",
        "@id": address,
        "url": address,
        "name": version.title,
        "description": version.short,
        "inLanguage": article.language,
        "dateModified": version.changed_on.isoformat(),
        "publisher": {"@type": "Organization", "name": settings.SITE_NAME},
        "citation": [{"@type": "CreativeWork", "name": one.title, "url": one.link} for one in page.sources],
    }
    if page.review is not None:
        data["lastReviewed"] = page.review.reviewed_on.isoformat()
        data["reviewedBy"] = {
            "@type": "Person",
            "name": page.review.name,
            "jobTitle": page.review.qualification,
        }
    return data
