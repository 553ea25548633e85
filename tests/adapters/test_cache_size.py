"""A look at the files, after what makes them grow and not more than once an hour."""

from datetime import timedelta
from pathlib import Path

from supportdesk.adapters.attachment_store import AttachmentStore
from supportdesk.adapters.storage.cache_size import CacheSize
from supportdesk.domain.events import Event, MessagesArrived, SyncProgressed
from supportdesk.domain.mail import MessageId
from tests.adapters.mail_examples import NOW, SUPPORT

WHOLE = SyncProgressed(account=SUPPORT, done=2, total=2)


def test_mail_and_files_count_together(tmp_path: Path) -> None:
    mail_db = tmp_path / "mail.db"
    assert not CacheSize(mail_db).is_over(WHOLE, 0, NOW), "nothing is there"
    mail_db.write_bytes(bytes(100_000))
    assert CacheSize(mail_db).is_over(WHOLE, 99_999, NOW)
    assert not CacheSize(mail_db).is_over(WHOLE, 100_000, NOW)
    store = AttachmentStore.beside(mail_db)
    store.coming(SUPPORT, MessageId("<1@x>"), "2").write_bytes(bytes(50_000))
    store.keep(SUPPORT, MessageId("<1@x>"), "2", "a.pdf")
    assert CacheSize(mail_db).is_over(WHOLE, 100_000, NOW)
    mail_db.with_name("search.db").write_bytes(bytes(100_000))
    assert CacheSize(mail_db).is_over(WHOLE, 200_000, NOW)


def test_it_looks_once_an_hour_and_only_after_what_grows(tmp_path: Path) -> None:
    mail_db = tmp_path / "mail.db"
    mail_db.write_bytes(bytes(100))
    size = CacheSize(mail_db)
    half: Event = SyncProgressed(account=SUPPORT, done=1, total=2)
    assert not size.is_over(half, 1, NOW)
    assert size.is_over(WHOLE, 1, NOW)
    assert not size.is_over(WHOLE, 1, NOW + timedelta(minutes=59))
    arrived = MessagesArrived(account=SUPPORT, messages=(), at=NOW)
    assert size.is_over(arrived, 1, NOW + timedelta(minutes=60))
