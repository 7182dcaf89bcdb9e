"""All that changes what the site says."""

from advice.actions.labels import (
    end_label_again,
    end_labels_of_gone,
    end_passed_labels,
    ended_labels,
    sign,
    sign_correction,
    unsign,
)
from advice.actions.loading import Loaded, load_articles
from advice.actions.opinions import count_opinion
from advice.actions.saving import carry, keep
from advice.actions.writing import (
    Changed,
    Refused,
    Words,
    begin,
    discard,
    draft_of,
    publish,
    remark,
    send,
    send_back,
    take_back,
    write,
)

__all__ = [
    "Changed",
    "Loaded",
    "Refused",
    "Words",
    "begin",
    "carry",
    "count_opinion",
    "discard",
    "draft_of",
    "end_label_again",
    "end_labels_of_gone",
    "end_passed_labels",
    "ended_labels",
    "keep",
    "load_articles",
    "publish",
    "remark",
    "send",
    "send_back",
    "sign",
    "sign_correction",
    "take_back",
    "unsign",
    "write",
]
