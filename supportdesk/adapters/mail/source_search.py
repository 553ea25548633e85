"""A mail looked for by its Message-ID in all mailboxes of an account, by a connection of its own.

For a mail of which words were kept and that somebody has filed where nobody listens. The connection
that listens goes on listening meanwhile. EXAMINE and PEEK alone: it leaves no trace.
"""

import threading
from collections.abc import Iterator
from dataclasses import replace

from supportdesk.adapters.mail import mail_problems
from supportdesk.adapters.mail.envelope_answer import EnvelopeAnswer, EnvelopeReader
from supportdesk.adapters.mail.header_search import uids_with_header
from supportdesk.adapters.mail.imap_link import ImapLink
from supportdesk.adapters.mail.imap_login import log_in
from supportdesk.adapters.mail.mailbox_names import decoded, list_command, quoted
from supportdesk.adapters.mail.message_reader import read_message
from supportdesk.adapters.mail.open_mailbox import HEADER_ITEMS, PREVIEW_BYTES, TEXT_BYTES
from supportdesk.adapters.mail.thin_message import fetch_thin
from supportdesk.adapters.mail.transport import Transport, Waker
from supportdesk.domain.errors import ConnectionLost
from supportdesk.domain.mail import MessageId, MessageSummary
from supportdesk.domain.search import FoundMail
from supportdesk.domain.settings import MailSettings
from supportdesk.protocols.imap_envelope import (
    MailboxRole,
    fingerprint,
    id_among_same,
    id_of_all,
)
from supportdesk.protocols.imap_responses import Fetch, ListedMailbox, Response
from supportdesk.protocols.mailbox_sync import ListeningRules, opened_mailbox
from supportdesk.services.ports import Clock

SECONDS = 60.0
_UNREAL = {"\\nonexistent", "\\noselect"}
# Where most mail lies comes first; what was thrown away is looked for last.
_FIRST, _LAST = {"\\all", "\\archive"}, {"\\trash", "\\junk"}


def find_mail(
    settings: MailSettings, secret: str, message_id: MessageId, clock: Clock
) -> FoundMail | None:
    """Find and read it; None when it lies in no mailbox. Raises SupportDeskError. Blocks.

    Args:
        settings: Of the account.
        secret: Its password.
        message_id: One that is searchable; another is found nowhere.
        clock: Tells when it has taken too long.
    """
    waker = Waker()
    transport = Transport(waker, clock, threading.Event().is_set)
    try:
        link = log_in(transport, settings, secret, ListeningRules().answer_seconds)
        return _Searching(link, settings, clock).find(message_id)
    except OSError as error:
        raise mail_problems.of_network(error, settings) from error
    finally:
        transport.close()
        waker.close()


class _Searching:
    """One search over one connection."""

    def __init__(self, link: ImapLink, settings: MailSettings, clock: Clock) -> None:
        self._link = link
        self._settings = settings
        self._clock = clock

    def find(self, message_id: MessageId) -> FoundMail | None:
        deadline = self._clock.monotonic_seconds() + SECONDS
        for mailbox in self._mailboxes():
            if self._clock.monotonic_seconds() > deadline:
                raise ConnectionLost(
                    f"{self._settings.host} takes long to look into all mailboxes",
                    "Look for the mail in your mail program, or try again.",
                )
            for message in self._named(mailbox, message_id):
                return self._read(message)
        return None

    def _mailboxes(self) -> list[str]:
        listed: list[ListedMailbox] = []

        def hear(response: Response) -> None:
            if isinstance(response, ListedMailbox) and not response.attributes & _UNREAL:
                listed.append(response)

        self._link.run(list_command(self._link.capabilities), hear)
        listed.sort(key=lambda one: (not one.attributes & _FIRST, bool(one.attributes & _LAST)))
        return [decoded(one.name) for one in listed]

    def _named(self, mailbox: str, message_id: MessageId) -> Iterator[MessageSummary]:
        """What a mailbox has under exactly this id; a mailbox that is refused has nothing."""
        responses: list[Response] = []
        if not self._link.run(f"EXAMINE {quoted(mailbox)}", responses.append).is_ok:
            return
        role = MailboxRole(
            account=self._settings.name,
            mailbox=mailbox,
            uidvalidity=opened_mailbox(responses).uidvalidity,
            own_addresses=frozenset(one.lower() for one in self._settings.own_addresses),
            is_sent=False,
        )
        for wanted in filter(None, (message_id, id_of_all(message_id))):
            for uid in uids_with_header(self._link.run, "Message-ID", wanted):
                message = self._summary(uid, role)
                # Servers look for parts of words, each in its own way.
                if message is not None and message_id in _ids_of(message):
                    yield replace(message, message_id=message_id)

    def _summary(self, uid: int, role: MailboxRole) -> MessageSummary | None:
        answer = EnvelopeAnswer(EnvelopeReader(role), _ignore, {uid})
        self._link.run(f"UID FETCH {uid} {HEADER_ITEMS}", answer.hear)
        return answer.summary(uid)

    def _read(self, message: MessageSummary) -> FoundMail:
        uid = message.address.uid
        raw, is_whole = b"", True
        if message.size_bytes > PREVIEW_BYTES:
            thin = fetch_thin(self._link, uid, TEXT_BYTES, _ignore)
            if thin is not None:
                raw, is_whole = thin.raw, thin.is_whole
        if not raw:
            raw = self._body(uid)
            is_whole = len(raw) < TEXT_BYTES
        content = read_message(raw, message, is_whole=is_whole)
        return FoundMail(message=content.summary, text=content.text)

    def _body(self, uid: int) -> bytes:
        bodies: list[bytes] = []

        def hear(response: Response) -> None:
            match response:
                case Fetch(uid=asked, body=bytes() as body) if asked == uid:
                    bodies.append(body)

        self._link.run(f"UID FETCH {uid} (UID BODY.PEEK[]<0.{TEXT_BYTES}>)", hear)
        return bodies[-1] if bodies else b""


def _ids_of(message: MessageSummary) -> tuple[MessageId, MessageId]:
    """Its own, and what it is called where several have that."""
    mark = fingerprint(message.sender, message.sent_at)
    return message.message_id, id_among_same(message.message_id, mark)


def _ignore(_response: Response) -> None:
    """What the server tells besides is the listening connection's to know."""
