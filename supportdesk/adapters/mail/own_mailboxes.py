"""Mailboxes of supportdesk's own, below `Supportdesk`: found, or made when first written to.

How names are put together is the server's to say, and some let nothing lie beside the inbox.
"""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from supportdesk.adapters.mail.imap_link import Hearer, ImapLink
from supportdesk.adapters.mail.mailbox_names import decoded, quoted, refusal
from supportdesk.domain.settings import MailSettings
from supportdesk.protocols.imap_responses import ListedMailbox, Response, Search

if TYPE_CHECKING:
    from supportdesk.adapters.mail.writing_link import WritingLink

CLAIMS = "Claims"
NOTES = "Notes"
MOST = 500
_FORMS = (
    "Supportdesk/{0}",
    "Supportdesk.{0}",
    "INBOX.Supportdesk.{0}",
    "INBOX/Supportdesk/{0}",
)


def left_in(link: ImapLink, hear_others: Hearer) -> list[int]:
    """The newest messages of the open mailbox that were not taken back, in ascending order."""
    found: list[int] = []

    def hear(response: Response) -> None:
        if isinstance(response, Search):
            found.extend(response.uids)
            for first, last in response.ranges:
                found.extend(range(first, min(last, first + MOST) + 1))
        else:
            hear_others(response)

    link.run("UID SEARCH UNDELETED", hear)
    return sorted(found)[-MOST:]


def take_out(link: "WritingLink", mailbox: str, uids: Iterable[int]) -> None:
    """Mark what is ours as deleted."""
    wanted = list(uids)
    if wanted:
        with link.opened_for_flags(mailbox):
            for uid in wanted:
                link.discard_own(uid)


def put_in(link: "WritingLink", mailbox: str, content: bytes, settings: MailSettings) -> None:
    """Append a message to a mailbox of our own. Raises what `refusal` makes of a NO."""
    # Courier takes no message into a mailbox that is open.
    link.open(settings.mailbox)
    ended, _ = link.append(mailbox, content)
    if not ended.is_ok:
        raise refusal(mailbox, ended, settings)


def _ignore(_response: Response) -> None:
    """What the server tells besides is the reading connection's to know."""


def own_mailbox(link: ImapLink, name: str) -> str:
    """What it is called on this server; empty when there is none."""
    [found] = own_mailboxes(link, (name,))
    return found


def own_mailboxes(
    link: ImapLink, names: Sequence[str], hear_others: Hearer = _ignore
) -> tuple[str, ...]:
    """What each is called on this server; empty for one that is not there."""
    listed: list[str] = []

    def hear(response: Response) -> None:
        if not isinstance(response, ListedMailbox):
            hear_others(response)
        elif "\\nonexistent" not in response.attributes:
            listed.append(decoded(response.name))

    link.run('LIST "" "*Supportdesk*"', hear)
    forms = [[form.format(name) for form in _FORMS] for name in names]
    return tuple(next((one for one in wanted if one in listed), "") for wanted in forms)


def made_mailbox(link: "WritingLink", name: str, settings: MailSettings) -> str:
    """As `own_mailbox`; makes it where there is none. Raises what `refusal` makes of a NO."""
    known = own_mailbox(link, name)
    if known:
        return known
    for form in _FORMS:
        ended = link.run(f"CREATE {quoted(form.format(name))}", _ignore)
        found = own_mailbox(link, name)
        if found:
            return found
    raise refusal(_FORMS[0].format(name), ended, settings)
