"""Why an action on a text is not done, in sentences that may be shown to whoever asked for it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _


class Refused(Exception):
    """An action that cannot be done now; the message may be shown to the person who asked."""


class NotYours(Refused):
    """There is no such text for this owner; whether it exists is not said."""


class Changed(Refused):
    """The draft no longer holds the words that somebody looked at before they sent it, or went on from."""


CHANGED = _("This text was changed since you looked at it. Please look at the newest version before you send it.")
OVERTAKEN = _(
    "This was changed somewhere else since you opened it here, perhaps in another tab. Nothing is lost: what is kept "
    "now stands below, and what you typed here is still in the form. Choose which of them goes on."
)
WITHDRAWN = _("This text was withdrawn. You can use it to start a new one.")
BEING_READ = _("This text is waiting to be read. Take it back first if you want to change it.")
PROPOSAL_OPEN = _("A change to this text is proposed to you. Please answer that first, on the page of the text.")
TOO_MANY = _(
    "You have %(count)s texts waiting to be read, which is the most at one time. "
    "This one stays a draft, and your list says until when. Please send it when one of the others has been answered."
)
VISITORS_FULL = _(
    "So many texts by visitors are waiting that we cannot take another one today. Yours is kept as a draft: "
    "come back with your receipt code in a day or two and press Send again."
)
NO_REPLIES = _(
    "This story takes no replies now: its author closed them, or it is no longer here. What you wrote is yours to keep."
)
