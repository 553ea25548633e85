"""What the GUI thread reads at once: a page, a message, a conversation."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from supportdesk.adapters.storage.mail_cache import MailCacheWriter
from supportdesk.adapters.storage.mail_cache_reader import MailCacheReader
from supportdesk.adapters.storage.mail_history import Held, list_old_mail
from supportdesk.adapters.storage.mail_index import MailIndex
from supportdesk.adapters.storage.mail_search import MailSearch
from supportdesk.adapters.storage.search_database import SearchPaths
from supportdesk.domain.mail import MessageId, MessageSummary
from tests.adapters.mail_examples import (
    INBOX,
    SENT,
    SUPPORT,
    keep_text,
    mail,
    store,
    text_of,
    work_off,
)


@pytest.fixture
def paths(tmp_path: Path) -> SearchPaths:
    return SearchPaths.beside(tmp_path / "mail.db")


@pytest.fixture
def writer(paths: SearchPaths) -> Iterator[MailCacheWriter]:
    cache = MailCacheWriter(paths.mail_db)
    yield cache
    cache.close()


@pytest.fixture
def reader(paths: SearchPaths) -> Iterator[MailCacheReader]:
    cache = MailCacheReader(paths.mail_db)
    yield cache
    cache.close()


def indexed(paths: SearchPaths) -> None:
    index = MailIndex(paths)
    work_off(index)
    index.close()


def uids(messages: Iterable[MessageSummary]) -> list[int]:
    return [one.address.uid for one in messages]


def test_a_page_in_its_order_with_gaps(
    paths: SearchPaths, writer: MailCacheWriter, reader: MailCacheReader
) -> None:
    store(writer, *(mail(uid) for uid in range(1, 6)))
    searching = MailSearch(paths)
    held = Held(accounts=[SUPPORT], messages=[])
    old = searching.run(lambda found: list_old_mail(found, held), lambda: False)
    searching.close()
    assert old is not None
    writer.remove(INBOX, [4])
    page = reader.messages_by_id(old.ids[:3])
    assert page == [mail(5), None, mail(3)]
    assert reader.messages_by_id([]) == []


def test_one_message(writer: MailCacheWriter, reader: MailCacheReader) -> None:
    assert reader.message(SUPPORT, MessageId("<1@x>")) is None
    store(writer, mail(1))
    assert reader.message(SUPPORT, MessageId("<1@x>")) == mail(1)
    assert reader.message(SUPPORT, MessageId("<2@x>")) is None


def test_a_conversation_is_found_from_any_of_its_messages(
    paths: SearchPaths, writer: MailCacheWriter, reader: MailCacheReader
) -> None:
    store(
        writer,
        mail(1),
        mail(2, references=("<1@x>",)),
        mail(1, key=SENT, message_id="<answer@x>", references=("<1@x>", "<2@x>")),
        mail(4, references=("<answer@x>",)),
        mail(5),
        mail(6, references=("<elsewhere@x>",)),
    )
    # Without an index what came before is known, not what came after.
    assert len(reader.conversation(SUPPORT, MessageId("<4@x>"))) == 4
    assert len(reader.conversation(SUPPORT, MessageId("<1@x>"))) == 1
    indexed(paths)
    for name in ("<1@x>", "<2@x>", "<answer@x>", "<4@x>"):
        found = reader.conversation(SUPPORT, MessageId(name))
        assert [one.message_id for one in found] == ["<1@x>", "<answer@x>", "<2@x>", "<4@x>"]
    assert uids(reader.conversation(SUPPORT, MessageId("<5@x>"))) == [5]
    assert reader.conversation(SUPPORT, MessageId("<none@x>")) == ()


def test_a_conversation_has_bounds(
    paths: SearchPaths, writer: MailCacheWriter, reader: MailCacheReader
) -> None:
    store(writer, mail(1), *(mail(uid, references=("<1@x>",)) for uid in range(2, 400)))
    indexed(paths)
    found = reader.conversation(SUPPORT, MessageId("<1@x>"))
    assert len(found) == 100
    assert uids(found)[-1] == 399


def test_a_damaged_index_does_not_hide_the_mail(
    paths: SearchPaths, writer: MailCacheWriter, reader: MailCacheReader
) -> None:
    store(writer, mail(1), mail(2, references=("<1@x>",)))
    paths.search_db.write_bytes(b"no index" * 1000)
    assert reader.newest(SUPPORT, 5) == [mail(2, references=("<1@x>",)), mail(1)]
    assert uids(reader.conversation(SUPPORT, MessageId("<1@x>"))) == [1]
    assert len(reader.newest(SUPPORT, 5)) == 2


def test_words_are_known_of_what_was_read(writer: MailCacheWriter, reader: MailCacheReader) -> None:
    store(writer, mail(1), mail(2))
    keep_text(writer, replace(text_of(mail(1), "three little words"), words=3))
    assert reader.words([mail(1), mail(2)]) == {mail(1).key: 3}
