"""`mailto:` links for answering in the founder's own mail program."""

from urllib.parse import quote

from supportdesk.domain.answers import AnswerKind
from supportdesk.domain.mail import MessageSummary
from supportdesk.domain.mail_addresses import wire_address
from supportdesk.domain.reply_rules import is_made_up, quoted, reply_subject

LONGEST = 1_900
"""Of a finished link: Windows and some handlers cut at about 2,000 characters."""
_LONGEST_SUBJECT = 600
_LONGEST_ID = 400
_MORE = "…"


def reply_link(message: MessageSummary, text: str, selection: str = "") -> str:
    """A new message to the customer with subject, In-Reply-To and what fits of a quote (RFC 6068).

    Only what is selected is quoted, if anything is.
    """
    address = wire_address(message.sender.email) or message.sender.email
    subject = _coded(reply_subject(message.subject, AnswerKind.REPLY), _LONGEST_SUBJECT)
    fields = [f"subject={subject}"]
    answered = _coded(message.message_id)
    if not is_made_up(message.message_id) and len(answered) <= _LONGEST_ID:
        fields.append(f"in-reply-to={answered}")
    link = f"mailto:{_coded(address, _LONGEST_ID).replace('%40', '@')}?{'&'.join(fields)}&body="
    body = "\n".join(["", "", quoted(text, selection)]).replace("\n", "\r\n")
    return link + _coded(body, LONGEST - len(link))


def _coded(text: str, room: int = LONGEST) -> str:
    """As much of a text as fits, percent-coded; a letter of Cyrillic takes six characters."""
    pieces = [quote(letter, safe="", errors="replace") for letter in text[: room + 1]]
    if sum(map(len, pieces)) <= room:
        return "".join(pieces)
    more = quote(_MORE)
    used = len(more)
    kept: list[str] = []
    for piece in pieces:
        used += len(piece)
        if used > room:
            break
        kept.append(piece)
    return "".join([*kept, more])
