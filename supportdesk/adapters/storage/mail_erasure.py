"""Somebody taken out of mail.db, of the files that were fetched and of the index of the search.

Their messages leave a hollow place behind: mailbox and uid, and nothing else. So what the mailbox
has and what is cached still agree, and nothing is fetched again from where it lies. Nobody sees a
hollow place: it speaks for no message (`is_main`). Mail of others that names an address or a number
of theirs loses the cached text, which is fetched again when it is opened, and the name is blotted
out of what stays.
"""

import json
import sqlite3
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field

from supportdesk.adapters.storage.mail_batch import chunks, marks
from supportdesk.adapters.storage.overwriting import overwriting
from supportdesk.domain.health import SourceName
from supportdesk.domain.mail import WHOLE_MESSAGE, MessageId, mail_key
from supportdesk.protocols.imap_bulk import OURS, SENT_COPY
from supportdesk.services.forgetting import Forgotten, Known, Mentions

_HOLLOW = (
    "UPDATE places SET message_id = ?, is_main = 0, sender_name = '', sender_email = '',"
    " recipients = '[]', subject = '', preview = '', sent_at = 0, arrived_at = 0, ancestors = '',"
    " size_bytes = 0 WHERE id = ?"
)
_NAMING = ("sender_name", "recipients", "subject", "preview", "ancestors")
_PLACES = (
    "SELECT id, account, message_id, sender_email, recipients, flags,"
    " sender_name, subject, preview, ancestors FROM places"
)
_TEXTS = (
    "SELECT account, message_id, text, quoted, html, remote_images, cards, parts, notices"
    " FROM texts"
)
_PARTS = "SELECT account, message_id, parts FROM texts"
_BLOT = f"UPDATE places SET {', '.join(f'{name} = ?' for name in _NAMING)} WHERE id = ?"  # noqa: S608
_GO_TEXT = "DELETE FROM texts WHERE account = ? AND message_id = ?"
_SECTION = 3

Message = tuple[str, str]


@dataclass(slots=True)
class MailTraces:
    """What mail.db has of somebody.

    Attributes:
        messages: Theirs, by account and Message-ID.
        places: Ids of where these lie.
        texts: Of others, which name them.
        naming: Others that name them anywhere.
        blotted: Places of others that name them, as they will be; the id is last.
    """

    messages: set[Message] = field(default_factory=set)
    places: list[int] = field(default_factory=list)
    texts: list[Message] = field(default_factory=list)
    blotted: list[tuple[str | int, ...]] = field(default_factory=list)
    naming: set[Message] = field(default_factory=set)

    @property
    def keys(self) -> set[str]:
        return {mail_key(SourceName(account), MessageId(one)) for account, one in self.messages}


class MailErasure:
    """Belongs to one connection, in autocommit. Raises sqlite3.Error."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def names(self) -> Iterator[Known]:
        """What mails have called whoever writes from an address."""
        select = "SELECT DISTINCT sender_name, sender_email FROM places"
        for name, email in self._connection.execute(select):
            yield Known(name=name, email=email)

    def has(self, key: str) -> bool:
        """Is there a message of this ledger key?"""
        select = "SELECT 1 FROM places WHERE 'mail/' || account || '/' || message_id = ?"
        return self._connection.execute(select, (key,)).fetchone() is not None

    def find(self, forgotten: Forgotten) -> MailTraces:
        """Reads every place and every text, and writes nothing."""
        mentions, found = Mentions(forgotten), MailTraces()
        others: list[tuple[str | int, ...]] = []
        for row in self._connection.execute(_PLACES):
            place_id, account, message_id, sender, recipients, flags, *_ = row
            is_outgoing = bool(flags & (OURS | SENT_COPY))
            emails = (email for _, email in json.loads(recipients)) if is_outgoing else ()
            if forgotten.wrote_or_got(sender, emails, is_outgoing=is_outgoing):
                found.messages.add((account, message_id))
                found.places.append(place_id)
            elif any(mentions.are_in(text) for text in (*row[6:], recipients)):
                others.append(row)
        found.places += self._twins(found)
        for place_id, account, message_id, _, recipients, _, name, *rest in others:
            if (account, message_id) not in found.messages:
                told = [mentions.blotted(str(one)) for one in (name, recipients, *rest)]
                found.blotted.append((*told, int(place_id)))
                found.naming.add((str(account), str(message_id)))
        self._find_texts(mentions, found)
        return found

    def files(self, traces: MailTraces) -> Iterator[tuple[str, str, str]]:
        """Account, Message-ID and section of all that may have been fetched of theirs."""
        for account, message_id in traces.messages:
            yield account, message_id, WHOLE_MESSAGE
        for account, message_id, parts in self._connection.execute(_PARTS):
            if (account, message_id) in traces.messages:
                for part in json.loads(parts):
                    yield account, message_id, part[_SECTION]

    def sections(self) -> Iterator[tuple[str, str, str]]:
        """As `files`, of all messages that there are."""
        select = "SELECT account, message_id FROM places WHERE is_main"
        for account, message_id in self._connection.execute(select):
            yield account, message_id, WHOLE_MESSAGE
        for account, message_id, parts in self._connection.execute(_PARTS):
            for part in json.loads(parts):
                yield account, message_id, part[_SECTION]

    def erase(self, traces: MailTraces) -> None:
        """All of it or nothing; where it lay is overwritten."""
        with overwriting(self._connection):
            self._erase(traces)

    # --- inside ----------------------------------------------------------------------------

    def _twins(self, found: MailTraces) -> list[int]:
        """Other places of the same messages, which may have come with other names."""
        known, twins = set(found.places), []
        for account in {account for account, _ in found.messages}:
            ids = [message_id for one, message_id in found.messages if one == account]
            for some in chunks(ids):
                rows = self._connection.execute(
                    f"SELECT id FROM places WHERE account = ? AND message_id IN ({marks(some)})",  # noqa: S608
                    (account, *some),
                )
                twins += [place for (place,) in rows if place not in known]
        return twins

    def _find_texts(self, mentions: Mentions, found: MailTraces) -> None:
        for account, message_id, *columns in self._connection.execute(_TEXTS):
            message = (account, message_id)
            if message in found.messages:
                continue
            if message in found.naming or any(mentions.are_in(text) for text in columns if text):
                found.texts.append(message)
                found.naming.add(message)

    def _erase(self, traces: MailTraces) -> None:
        many = self._connection.executemany
        many(_GO_TEXT, [*traces.messages, *traces.texts])
        many(_HOLLOW, [(f"<{uuid.uuid4().hex}@forgotten.invalid>", one) for one in traces.places])
        many(_BLOT, traces.blotted)
        # The index is made anew from what is left.
        self._connection.execute("DELETE FROM text_changes")
