"""All that can happen to a text. Each action locks the contribution first; nothing locks in another order.

Where a story and its replies are locked, the story comes first.
"""

from stories.actions.answering import accept, appeal, decline
from stories.actions.consenting import end_consent, end_consents_again
from stories.actions.erasing import (
    end_text_again,
    erase_account,
    erase_again,
    erase_text,
    renew_draft,
    replace_again,
    withdraw_again,
)
from stories.actions.fixing import fix_passage
from stories.actions.keys import (
    KeyCheckExists,
    WrongKey,
    check_key,
    check_keys,
    knows_newest,
    lacks_a_key,
    remember_anew,
    remember_key,
    remember_newest_key,
    remember_newest_keys,
    texts_by_key,
)
from stories.actions.owning import hold_open
from stories.actions.publishing import answer, leave_message, note_up, propose, publish, remove
from stories.actions.signs import react, save_for_later, undo, unsave
from stories.actions.texts import (
    adopt,
    discard_draft,
    look_at,
    mark_example,
    save_draft,
    set_replies,
    submit,
    take_back,
    take_back_again,
    withdraw,
)

__all__ = [
    "KeyCheckExists",
    "WrongKey",
    "accept",
    "adopt",
    "answer",
    "appeal",
    "check_key",
    "check_keys",
    "decline",
    "discard_draft",
    "end_consent",
    "end_consents_again",
    "end_text_again",
    "erase_account",
    "erase_again",
    "erase_text",
    "fix_passage",
    "hold_open",
    "knows_newest",
    "lacks_a_key",
    "leave_message",
    "look_at",
    "mark_example",
    "note_up",
    "propose",
    "publish",
    "react",
    "remember_anew",
    "remember_key",
    "remember_newest_key",
    "remember_newest_keys",
    "remove",
    "renew_draft",
    "replace_again",
    "save_draft",
    "save_for_later",
    "set_replies",
    "submit",
    "take_back",
    "take_back_again",
    "texts_by_key",
    "undo",
    "unsave",
    "withdraw",
    "withdraw_again",
]
