"""Tags as keywords on the message, where colleagues see them (F46); on a connection for writing.

Servers cap how many keywords a mailbox has and how long they are, and what they promise they may
refuse all the same: so it is read back what is there, and what was refused is said.
"""

from supportdesk.adapters.mail.question_place import place_of
from supportdesk.adapters.mail.writing_link import WritingLink
from supportdesk.domain.errors import Problem
from supportdesk.domain.mail import MessageAddress, MessageSummary
from supportdesk.domain.settings import MailSettings
from supportdesk.domain.side_events import TagSettled
from supportdesk.domain.side_marks import TAG_PREFIX
from supportdesk.domain.tag_keywords import tag_keyword

MOST_TAGS = 40
"""So many different tags a mailbox is given: what others keep there has to find room as well."""
_GONE = Problem(
    title="This mail has left the mailbox",
    advice="A colleague moved or deleted it.",
)
_ELSEWHERE = Problem(
    title="This mail does not lie where colleagues would see it",
    advice="Tags are shared on the mail of the mailbox itself, not of others that are watched.",
)
_NOT_KEPT = Problem(
    title="The mail server keeps no tags",
    advice="It takes no keywords of ours in this mailbox.",
)
_FULL = Problem(
    title="The mailbox has enough different tags",
    advice=f"Not more than {MOST_TAGS} are shared. Use one that colleagues have already.",
)
_REFUSED = Problem(
    title="The mail server did not do it",
    advice="It refuses this keyword, or has no room for more of them.",
)
_Done = tuple[bool, Problem | None]


def settle_tag(
    link: WritingLink, settings: MailSettings, message: MessageSummary, name: str, *, is_gone: bool
) -> TagSettled:
    """Set a tag, or with `is_gone` take it off; what is on the message afterwards."""
    mailboxes = (settings.mailbox, *settings.beside_mailbox)
    place = place_of(link, message.message_id, message.address, mailboxes)
    # What is not there carries no tag, as it was wished for.
    is_on, problem = False, None if is_gone else _GONE
    if place is not None and (is_gone or place.mailbox == settings.mailbox):
        is_on, problem = _settle(link, place, tag_keyword(name), is_gone=is_gone)
    elif place is not None:
        problem = _ELSEWHERE
    return TagSettled(
        account=settings.name,
        message_id=message.message_id,
        name=name,
        is_on=is_on,
        problem=problem,
    )


def _settle(link: WritingLink, place: MessageAddress, keyword: str, *, is_gone: bool) -> _Done:
    with link.opened_for_flags(place.mailbox) as opened:
        flags = link.flags(place.uid)
        if opened.uidvalidity != place.uidvalidity or flags is None:
            return False, None if is_gone else _GONE
        if is_gone:
            link.remove_flag(place.uid, keyword)
            is_on = keyword.lower() in (link.flags(place.uid) or ())
            return is_on, _REFUSED if is_on else None
        if keyword.lower() in flags:
            return True, None
        if not opened.can_keep(keyword):
            return False, _NOT_KEPT
        if _is_one_too_many(opened.permanent_flags or frozenset(), keyword.lower()):
            return False, _FULL
        is_on = link.add_flag(place.uid, keyword)
        return is_on, None if is_on else _REFUSED


def _is_one_too_many(known: frozenset[str], keyword: str) -> bool:
    tags = [one for one in known if one.startswith(TAG_PREFIX.lower())]
    return keyword not in known and len(tags) >= MOST_TAGS
