r"""\Answered on the question, once the answer has gone out and lies in Sent."""

from supportdesk.adapters.mail.writing_link import ANSWERED, WritingLink
from supportdesk.domain.mail import MessageAddress


def flag_answered(link: WritingLink, place: MessageAddress) -> bool:
    """Set the flag; True when the message carries it now.

    It does not when it has left this place just now, or where such a flag cannot be kept.
    """
    flags = link.flags(place.uid)
    if flags is None or ANSWERED in flags:
        return flags is not None  # a colleague's program was quicker: nothing to be written
    with link.opened_for_flags(place.mailbox) as opened:
        if opened.uidvalidity != place.uidvalidity or not opened.can_keep(ANSWERED):
            return False
        return link.add_flag(place.uid, "\\Answered")
