"""Names of mailboxes on the wire (RFC 3501, 5.1.3).

Which of them is the one for sent mail or for drafts, and what a refusal to open one means.
"""

from collections.abc import Collection, Sequence

from imap_tools.imap_utf7 import utf7_decode, utf7_encode

from supportdesk.adapters.mail import mail_problems
from supportdesk.domain.errors import SupportDeskError
from supportdesk.domain.settings import MailSettings
from supportdesk.protocols.imap_responses import ListedMailbox, TaggedStatus

_SENT_NAMES = (b"sent", b"sent items", b"sent messages", b"inbox.sent", b"inbox/sent")
_DRAFTS_NAMES = (b"drafts", b"draft", b"inbox.drafts", b"inbox/drafts")
_MISSING = ("nonexistent", "trycreate", "exist", "not found", "unknown mailbox", "no such")


def quoted(name: str) -> str:
    """Write a name as an argument of a command."""
    encoded = utf7_encode(name).decode("ascii")
    escaped = encoded.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def decoded(name: bytes) -> str:
    """Read a name; one in raw UTF-8 or broken is taken as it is."""
    try:
        return utf7_decode(name)
    except ValueError:
        return name.decode("utf-8", "replace")


def refusal(name: str, ended: TaggedStatus, settings: MailSettings) -> SupportDeskError:
    """Say why a mailbox could not be opened or asked about."""
    if ended.code.upper() == "INUSE":
        # Its words may be about a lock that exists.
        return mail_problems.in_use(settings, name)
    words = f"{ended.code} {ended.text}".lower()
    if any(sign in words for sign in _MISSING):
        return mail_problems.mailbox_missing(name, settings)
    return mail_problems.mailbox_closed(name, ended.text, settings, code=ended.code)


def list_command(capabilities: Collection[str]) -> str:
    """Ask which mailboxes there are, and where the server can tell what each is for."""
    extended = {"LIST-EXTENDED", "SPECIAL-USE"} <= set(capabilities)
    return f'LIST "" "*"{" RETURN (SPECIAL-USE)" if extended else ""}'


def sent_among(listed: Sequence[ListedMailbox]) -> str:
    """The one that the server marks as Sent (RFC 6154), else one of that name; "" for none."""
    return _special(listed, "\\sent", _SENT_NAMES)


def drafts_among(listed: Sequence[ListedMailbox]) -> str:
    """The one for drafts, in the same way."""
    return _special(listed, "\\drafts", _DRAFTS_NAMES)


def _special(listed: Sequence[ListedMailbox], use: str, names: Collection[bytes]) -> str:
    marked = [one for one in listed if use in one.attributes]
    named = [one for one in listed if one.name.lower() in names]
    return next((decoded(one.name) for one in (*marked, *named)), "")
