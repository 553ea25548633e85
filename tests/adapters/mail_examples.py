"""Messages for tests of mail.db and its index, and the index as it must be."""

import sqlite3
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from supportdesk.adapters.storage.mail_batch import MailboxKey
from supportdesk.adapters.storage.mail_cache import MailCacheWriter, Stored
from supportdesk.adapters.storage.mail_index import MailIndex
from supportdesk.adapters.storage.mail_rows import place_row
from supportdesk.adapters.storage.search_database import SearchPaths, open_search
from supportdesk.adapters.storage.search_schema import parts_in
from supportdesk.domain.health import SourceName
from supportdesk.domain.mail import (
    Mailer,
    MessageAddress,
    MessageId,
    MessagePart,
    MessageSummary,
    MessageText,
)

SUPPORT = SourceName("Support")
INBOX = MailboxKey(account=SUPPORT, mailbox="INBOX", uidvalidity=1)
SENT = MailboxKey(account=SUPPORT, mailbox="Sent", uidvalidity=1)
NOW = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)


def mail(
    uid: int,
    *,
    key: MailboxKey = INBOX,
    subject: str = "",
    sender: str = "Ann Rowe",
    email: str = "ann@example.org",
    preview: str = "",
    arrived_at: datetime | None = None,
    references: tuple[str, ...] = (),
    message_id: str = "",
    is_ours: bool = False,
    has_attachments: bool = False,
) -> MessageSummary:
    at = arrived_at or NOW + timedelta(minutes=uid)
    return MessageSummary(
        account=key.account,
        message_id=MessageId(message_id or f"<{uid}@x>"),
        address=MessageAddress(mailbox=key.mailbox, uidvalidity=key.uidvalidity, uid=uid),
        sender=Mailer(name=sender, email=email),
        recipients=(Mailer(name="Support", email="support@lab.test"),),
        subject=subject or f"Order {uid}",
        preview=preview,
        sent_at=at,
        arrived_at=at,
        references=tuple(MessageId(one) for one in references),
        is_ours=is_ours,
        is_sent_copy=key.mailbox == "Sent",
        has_attachments=has_attachments,
        size_bytes=1000,
    )


def text_of(
    message: MessageSummary, text: str, *, quoted: str = "", files: tuple[str, ...] = ()
) -> MessageText:
    return MessageText(
        account=message.account,
        message_id=message.message_id,
        text=text,
        quoted=quoted,
        parts=tuple(
            MessagePart(name=name, media_type="application/pdf", size_bytes=9, section="2")
            for name in files
        ),
    )


def store_in(
    writer: MailCacheWriter, key: MailboxKey, messages: Iterable[MessageSummary], *, uidnext: int
) -> Stored:
    """A few messages, all of which matter."""
    rows = [place_row(message, is_main=True) for message in messages]
    return writer.store_rows(key, rows, uidnext=uidnext, told_newest=len(rows) or 1)


def keep_text(writer: MailCacheWriter, text: MessageText) -> None:
    """A text of a message that is there, of which reading taught nothing else."""
    known = writer.summary(text.account, text.message_id)
    if known is not None:
        writer.save_reading(known, text)


def store(writer: MailCacheWriter, *messages: MessageSummary) -> None:
    for key in (INBOX, SENT):
        some = [one for one in messages if one.address.mailbox == key.mailbox]
        if some:
            store_in(writer, key, some, uidnext=max(one.address.uid for one in some) + 1)


def work_off(index: MailIndex) -> None:
    while index.work():
        pass


def index_of(path: Path) -> list[tuple[object, ...]]:
    """Everything that is in an index: each word with its place."""
    connection = open_search(path)
    assert connection is not None
    found: list[tuple[object, ...]] = []
    try:
        for part in parts_in(connection):
            vocabulary = (
                f"CREATE VIRTUAL TABLE temp.v USING fts5vocab(main, words_{part}, instance)"
            )
            connection.execute(vocabulary)
            found += connection.execute("SELECT * FROM temp.v").fetchall()
            connection.execute("DROP TABLE temp.v")
    finally:
        connection.close()
    return sorted(found)


def fresh_index_of(paths: SearchPaths) -> list[tuple[object, ...]]:
    """What an index has that is made anew from this mail.db as it is now."""
    copy = SearchPaths(
        mail_db=paths.mail_db.with_name("copy.db"), search_db=paths.search_db.with_name("copy.idx")
    )
    for path in (copy.mail_db, copy.search_db):
        path.unlink(missing_ok=True)
    source = sqlite3.connect(paths.mail_db)
    target = sqlite3.connect(copy.mail_db)
    source.backup(target)
    source.close()
    target.close()
    index = MailIndex(copy)
    work_off(index)
    index.close()
    return index_of(copy.search_db)
