"""Marks what the founder really read with a keyword, where colleagues see it (F92).

It stays: whoever answered a customer yesterday sees today that the founder has read it too.
"""

from supportdesk.adapters.mail.question_place import place_of
from supportdesk.adapters.mail.writing_link import FOUNDER_READ, WritingLink
from supportdesk.domain.errors import Problem
from supportdesk.domain.mail import MessageAddress, MessageSummary
from supportdesk.domain.settings import MailSettings
from supportdesk.domain.side_events import ReadMarkSettled

_NOT_KEPT = Problem(
    title="Your team cannot see what you have read",
    advice=f"This mail server keeps no keyword {FOUNDER_READ}. Switch it off in Settings, Ritual.",
)


def settle_read_mark(
    link: WritingLink, settings: MailSettings, message: MessageSummary
) -> ReadMarkSettled:
    """One that has left the mailbox is nobody's concern any more."""
    mailboxes = (settings.mailbox, *settings.also_watch)
    place = place_of(link, message.message_id, message.address, mailboxes)
    is_marked = place is None or _is_marked(link, place)
    return ReadMarkSettled(
        account=settings.name,
        message_id=message.message_id,
        problem=None if is_marked else _NOT_KEPT,
    )


def _is_marked(link: WritingLink, place: MessageAddress) -> bool:
    with link.opened_for_flags(place.mailbox) as opened:
        flags = link.flags(place.uid)
        if opened.uidvalidity != place.uidvalidity or flags is None:
            return True
        if FOUNDER_READ.lower() in flags:
            return True
        return opened.can_keep(FOUNDER_READ) and link.add_flag(place.uid, FOUNDER_READ)
