"""Internal notes that a team shares: messages in a mailbox of their own, `Supportdesk/Notes`.

Never in the mailbox of the customers' mail. A note keeps its Message-ID when its words change: the
newest of one id holds, the one before is marked as deleted. Nothing is ever expunged.
"""

import base64
from email import message_from_bytes
from email.utils import format_datetime, parsedate_to_datetime

from supportdesk.adapters.mail.imap_link import ImapLink
from supportdesk.adapters.mail.own_mailboxes import (
    NOTES,
    left_in,
    made_mailbox,
    own_mailbox,
    put_in,
    take_out,
)
from supportdesk.adapters.mail.writing_link import OWN_HEADER, WritingLink
from supportdesk.domain.mail import MessageId
from supportdesk.domain.settings import MailSettings
from supportdesk.domain.side_events import SharedNote
from supportdesk.domain.side_marks import MailNote, claim_name, shared_note_id
from supportdesk.protocols.imap_responses import Fetch, Response
from supportdesk.protocols.mailbox_sync import uid_set

_BY = "X-Supportdesk-By"
_MOST_BYTES = 65_536


class NotesMailbox:
    """Writes and takes back notes on one connection."""

    def __init__(self, link: WritingLink, settings: MailSettings) -> None:
        self._link = link
        self._settings = settings

    def share(self, note: MailNote, question: MessageId, by: str) -> None:
        """Put it there, in the place of what it was before."""
        mailbox = made_mailbox(self._link, NOTES, self._settings)
        note_id = MessageId(shared_note_id(note, by))
        before = self._uids(mailbox, note_id)
        content = _written(note, note_id, question, by, self._settings)
        put_in(self._link, mailbox, content, self._settings)
        take_out(self._link, mailbox, before)

    def take_back(self, note: MailNote, by: str) -> None:
        mailbox = own_mailbox(self._link, NOTES)
        if mailbox:
            take_out(self._link, mailbox, self._uids(mailbox, MessageId(shared_note_id(note, by))))

    def _uids(self, mailbox: str, note_id: MessageId) -> list[int]:
        self._link.open(mailbox)
        return self._link.uids_named(note_id)


def live_notes(link: ImapLink, known: dict[int, SharedNote]) -> dict[int, SharedNote]:
    """All notes of the open mailbox that were not taken back, by uid; only new ones are fetched."""
    notes: dict[int, SharedNote] = {}

    def hear(response: Response) -> None:
        if isinstance(response, Fetch) and response.uid is not None and response.body is not None:
            note = _read(response.body)
            if note is not None:
                notes[response.uid] = note

    there = left_in(link, hear)
    new = [uid for uid in there if uid not in known]
    if new:
        link.run(f"UID FETCH {uid_set(new)} (UID BODY.PEEK[]<0.{_MOST_BYTES}>)", hear)
    return {uid: note for uid in there if (note := notes.get(uid) or known.get(uid)) is not None}


def _written(
    note: MailNote, note_id: MessageId, question: MessageId, by: str, settings: MailSettings
) -> bytes:
    words = base64.encodebytes(note.words.encode("utf-8", "replace")).decode("ascii")
    lines = (
        f"From: {settings.address}",
        f"Date: {format_datetime(note.at)}",
        "Subject: Internal note",
        f"Message-ID: {note_id}",
        f"In-Reply-To: {question}",
        f"{OWN_HEADER}: note",
        f"{_BY}: {by}",
        "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=utf-8",
        "Content-Transfer-Encoding: base64",
        "",
        *words.splitlines(),
        "",
    )
    return "\r\n".join(lines).encode("ascii", "replace")


def _read(raw: bytes) -> SharedNote | None:
    """None for what is no note of ours, whoever has put it there."""
    message = message_from_bytes(raw)
    body = message.get_payload(decode=True)
    by, note_id = claim_name(str(message.get(_BY, ""))), str(message.get("Message-ID", ""))
    if not by or not note_id or not isinstance(body, bytes):
        return None
    try:
        at = parsedate_to_datetime(str(message.get("Date", "")))
    except ValueError:
        return None
    if at.tzinfo is None:
        return None
    return SharedNote(
        note_id=MessageId(note_id),
        about=MessageId(" ".join(str(message.get("In-Reply-To", "")).split())),
        by=by,
        at=at,
        words=body.decode("utf-8", "replace"),
    )
