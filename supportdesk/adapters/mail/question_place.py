"""Where a message lies now: its address may be of before a move or a new UIDVALIDITY."""

from collections.abc import Sequence

from supportdesk.adapters.mail.writing_link import WritingLink
from supportdesk.domain.errors import SettingsError
from supportdesk.domain.mail import MessageAddress, MessageId


def place_of(
    link: WritingLink,
    message_id: MessageId,
    known: MessageAddress | None,
    mailboxes: Sequence[str],
) -> MessageAddress | None:
    """Its address now: the one that is known, else by its name in these mailboxes.

    None: it lies in none of them, because a colleague has moved it away or deleted it.
    """
    if known is not None and _is_there(link, known):
        return known
    for mailbox in mailboxes:
        found = _search(link, mailbox, message_id)
        if found is not None:
            return found
    return None


def _is_there(link: WritingLink, known: MessageAddress) -> bool:
    try:
        opened = link.open(known.mailbox)
    except SettingsError:
        return False  # the mailbox itself is gone
    return opened.uidvalidity == known.uidvalidity and link.flags(known.uid) is not None


def _search(link: WritingLink, mailbox: str, message_id: MessageId) -> MessageAddress | None:
    try:
        opened = link.open(mailbox)
    except SettingsError:
        return None
    uids = link.uids_named(message_id)
    if not uids:
        return None
    return MessageAddress(mailbox=mailbox, uidvalidity=opened.uidvalidity, uid=uids[-1])
