"""The head of one message, from which an answer to it is made; PEEK alone."""

from supportdesk.adapters.mail.imap_link import Hearer, ImapLink
from supportdesk.domain.answers import ReplyHead
from supportdesk.protocols.imap_responses import Fetch, Response
from supportdesk.protocols.reply_head import read_head

_MOST_BYTES = 256 * 1024


def fetch_head(link: ImapLink, uid: int, hear: Hearer) -> ReplyHead | None:
    """Fetch and read it out of the open mailbox; None when it is not there any more."""
    found: list[bytes] = []

    def take(response: Response) -> None:
        if isinstance(response, Fetch) and response.uid == uid and response.header is not None:
            found.append(response.header)
        else:
            hear(response)

    link.run(f"UID FETCH {uid} (UID BODY.PEEK[HEADER]<0.{_MOST_BYTES}>)", take)
    return read_head(found[-1]) if found else None
