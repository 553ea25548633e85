"""Our own answer as a message of the inbox, before the mailbox has told of it."""

from supportdesk.domain.answers import Draft
from supportdesk.domain.mail import MessageAddress, MessageSummary
from supportdesk.domain.sending import Outgoing
from supportdesk.services.wording import fit

NOWHERE = MessageAddress(mailbox="", uidvalidity=0, uid=0)
"""Until its copy has been seen in Sent; what the mailbox tells of it then takes its place."""
_PREVIEW_ROOM = 200


def own_answer(row: Outgoing, draft: Draft) -> MessageSummary:
    """It answers from the moment on in which the server took it."""
    at = row.sent_at or row.since
    return MessageSummary(
        account=row.account,
        message_id=row.message_id,
        address=row.place or NOWHERE,
        sender=draft.sender,
        recipients=tuple(draft.recipients),
        subject=draft.subject,
        preview=fit(draft.body, _PREVIEW_ROOM),
        sent_at=at,
        arrived_at=at,
        references=draft.references,
        is_ours=True,
        is_sent_copy=True,
        is_seen=True,
        has_attachments=bool(draft.files),
    )
