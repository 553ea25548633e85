"""Notes, snoozes, labels and claims in desk.db; what the fake says of them is held against it."""

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from supportdesk.adapters.storage.desk_store import SqliteDeskStore
from supportdesk.adapters.storage.side_tables import SideTables
from supportdesk.domain.errors import StoreError
from supportdesk.domain.side_marks import Claim, MailNote, Snoozed, Tag, TagStanding
from supportdesk.services.side_store import SideStore
from tests.conftest import ExpectLog
from tests.fakes.happenings import T0, after
from tests.fakes.side_store import MemorySideStore

ITEM = "mail/Support/<1@x>"
NOTE = MailNote(
    key=f"note/1/{ITEM}",
    item=ITEM,
    about="eva@out.example",
    words="“Účet” 😀\n\x00<b>\u2028",
    by="Anna",
    at=T0,
)
SLEEPS = Snoozed(key=ITEM, until=after(60), at=T0)
CLAIM = Claim(item=ITEM, form="anna--r", since=T0)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[SqliteDeskStore]:
    store = SqliteDeskStore(tmp_path / "desk.db")
    yield store
    store.close()


@pytest.fixture(params=["memory", "desk.db"])
def store(request: pytest.FixtureRequest) -> SideStore:
    if request.param == "memory":
        return MemorySideStore()
    desk: SqliteDeskStore = request.getfixturevalue("desk")
    return SideTables(desk.connection, desk.path)


def test_what_was_saved_comes_back_as_it_was(store: SideStore) -> None:
    store.save_mail_note(NOTE)
    store.save_snoozed(SLEEPS)
    store.save_tag(Tag(item=ITEM, name="účet"))
    store.save_claim(CLAIM)
    assert store.mail_notes() == [NOTE]
    assert store.snoozed() == [SLEEPS]
    assert store.tags() == [Tag(item=ITEM, name="účet")]
    assert store.claims() == [CLAIM]


def test_of_one_key_the_last_holds(store: SideStore) -> None:
    for words in ("a", "b"):
        store.save_mail_note(replace(NOTE, words=words, is_shared=words == "b"))
    store.save_snoozed(SLEEPS)
    store.save_snoozed(replace(SLEEPS, until=after(90)))
    store.save_tag(Tag(item=ITEM, name="vip"))
    store.save_tag(Tag(item=ITEM, name="vip", standing=TagStanding.SHARED))
    store.save_claim(CLAIM)
    store.save_claim(replace(CLAIM, since=after(5)))
    assert store.mail_notes() == [replace(NOTE, words="b", is_shared=True)]
    assert store.snoozed() == [replace(SLEEPS, until=after(90))]
    assert (store.tags(), store.claims()) == (
        [Tag(item=ITEM, name="vip", standing=TagStanding.SHARED)],
        [replace(CLAIM, since=after(5))],
    )


def test_what_was_removed_is_gone_and_nothing_else(store: SideStore) -> None:
    other = "mail/Support/<2@x>"
    store.save_mail_note(NOTE)
    store.save_mail_note(replace(NOTE, key="other"))
    store.save_snoozed(SLEEPS)
    store.save_snoozed(replace(SLEEPS, key=other))
    for item in (ITEM, other):
        store.save_tag(Tag(item=item, name="vip"))
        store.save_claim(replace(CLAIM, item=item))
    store.remove_mail_note(NOTE.key)
    store.remove_snoozed(ITEM)
    store.remove_tag(Tag(item=ITEM, name="vip"))
    store.remove_claim(CLAIM)
    assert [one.key for one in store.mail_notes()] == ["other"]
    assert [one.key for one in store.snoozed()] == [other]
    assert [one.item for one in store.tags()] == [other]
    assert [one.item for one in store.claims()] == [other]


def test_half_a_letter_is_kept_as_a_question_mark(desk: SqliteDeskStore) -> None:
    tables = SideTables(desk.connection, desk.path)
    tables.save_mail_note(replace(NOTE, words="a\ud800b"))
    assert [one.words for one in tables.mail_notes()] == ["a?b"]


def test_a_write_inside_a_turn_is_refused(desk: SqliteDeskStore) -> None:
    tables = SideTables(desk.connection, desk.path)
    desk.begin()
    desk.mark_read(ITEM, T0)
    with pytest.raises(ValueError, match="before a turn"):
        tables.save_snoozed(SLEEPS)
    desk.roll_back()
    tables.save_snoozed(SLEEPS)
    assert tables.snoozed() == [SLEEPS]


def test_a_disk_that_fails_is_said(desk: SqliteDeskStore) -> None:
    tables = SideTables(desk.connection, desk.path)
    desk.connection.execute("PRAGMA query_only = ON")
    with pytest.raises(StoreError):
        tables.save_mail_note(NOTE)
    desk.connection.execute("PRAGMA query_only = OFF")


def test_a_row_that_another_program_has_spoilt_takes_no_other_along(
    desk: SqliteDeskStore, expect_log: ExpectLog
) -> None:
    tables = SideTables(desk.connection, desk.path)
    tables.save_snoozed(SLEEPS)
    with sqlite3.connect(desk.path) as other:
        other.execute("INSERT INTO snoozed VALUES ('x', 'soon', 'now')")
    expect_log("A row of snoozed is left out")
    assert tables.snoozed() == [SLEEPS]
