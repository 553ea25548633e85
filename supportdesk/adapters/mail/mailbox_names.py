"""Names of mailboxes on the wire (RFC 3501, 5.1.3), and what a refusal to open one means."""

from imap_tools.imap_utf7 import utf7_decode, utf7_encode

from supportdesk.adapters.mail import mail_problems
from supportdesk.domain.errors import SupportDeskError
from supportdesk.domain.settings import MailSettings
from supportdesk.protocols.imap_responses import TaggedStatus

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
