"""EXAMINE: open a mailbox for reading only, and hear what changed since the cache was written."""

from dataclasses import dataclass, replace

from supportdesk.adapters.mail.imap_link import ImapLink
from supportdesk.adapters.mail.mailbox_names import quoted, refusal
from supportdesk.domain.settings import MailSettings
from supportdesk.protocols.imap_responses import Fetch, Response, Vanished
from supportdesk.protocols.mailbox_sync import KnownMailbox, OpenedMailbox, opened_mailbox


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """The answer to EXAMINE.

    Attributes:
        was_resynced: The server told by itself what changed: these are the `notices`.
    """

    opened: OpenedMailbox
    was_resynced: bool = False
    notices: tuple[Response, ...] = ()


def examine(
    link: ImapLink, name: str, known: KnownMailbox | None, settings: MailSettings
) -> Opening:
    """Open a mailbox. Raises what `refusal` makes of a NO."""
    responses: list[Response] = []
    asked = known if known and known.highestmodseq and link.is_qresync_on else None
    status = link.run(f"EXAMINE {quoted(name)}{_extension(link, asked)}", responses.append)
    if not status.is_ok:
        raise refusal(name, status, settings)
    opened = opened_mailbox(responses)
    if "CONDSTORE" not in link.capabilities:
        # Some servers tell numbers of an extension that they do not offer.
        opened = replace(opened, highestmodseq=0)
    if opened.exists and not opened.uidnext:
        return Opening(opened=replace(opened, uidnext=_highest_uid(link) + 1))
    # Under another uidvalidity, or without mod-sequences, the server tells nothing.
    if asked is None or asked.uidvalidity != opened.uidvalidity or not opened.highestmodseq:
        return Opening(opened=opened)
    notices = tuple(one for one in responses if isinstance(one, Vanished | Fetch))
    return Opening(opened=opened, was_resynced=True, notices=notices)


def _extension(link: ImapLink, known: KnownMailbox | None) -> str:
    if known is not None:
        uids = f"1:{max(1, known.uidnext - 1)}"
        return f" (QRESYNC ({known.uidvalidity} {known.highestmodseq} {uids}))"
    return " (CONDSTORE)" if "CONDSTORE" in link.capabilities else ""


def _highest_uid(link: ImapLink) -> int:
    """Ask for what a server of before RFC 3501 does not tell on opening."""
    uids = [0]

    def hear(response: Response) -> None:
        if isinstance(response, Fetch) and response.uid:
            uids.append(response.uid)

    link.run("FETCH * (UID)", hear)
    return max(uids)
