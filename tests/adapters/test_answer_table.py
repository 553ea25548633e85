"""Drafts and outgoing messages in desk.db; what the fake says of them is held against it."""

import logging
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from supportdesk.adapters.storage.answer_table import LOST_LETTERS, VERSIONS, AnswerTable
from supportdesk.adapters.storage.desk_store import SqliteDeskStore
from supportdesk.domain.answers import AnswerKind, DraftFile, DraftId, Recipients
from supportdesk.domain.errors import Problem, StoreError
from supportdesk.domain.mail import Mailer, MessageAddress, MessageId
from supportdesk.domain.sending import SendState
from supportdesk.services.answer_ports import AnswerStore
from tests.fakes.answer_store import MemoryAnswerStore
from tests.fakes.answers import AT, CUSTOMER, SUPPORT, a_draft, an_outgoing

MINUTE = timedelta(minutes=1)
PLACE = MessageAddress(mailbox="Sent", uidvalidity=3, uid=9)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[SqliteDeskStore]:
    store = SqliteDeskStore(tmp_path / "desk.db")
    yield store
    store.close()


@pytest.fixture
def table(desk: SqliteDeskStore) -> AnswerTable:
    return AnswerTable(desk.connection, desk.path)


@pytest.fixture(params=["memory", "desk.db"])
def store(request: pytest.FixtureRequest) -> AnswerStore:
    if request.param == "memory":
        return MemoryAnswerStore()
    found: AnswerTable = request.getfixturevalue("table")
    return found


def test_a_draft_comes_back_as_it_was(store: AnswerStore) -> None:
    to = Recipients(
        to=(CUSTOMER,),
        cc=(Mailer(name='Jana "J" Nováková', email="info@müller.example"),),
        bcc=(Mailer(name="", email="archive@example.com"),),
    )
    files = tuple(
        DraftFile(name=f"Größe {n}.pdf", media_type="application/pdf", size_bytes=n, sha256=f"{n}a")
        for n in (2, 1)
    )
    draft = replace(
        a_draft(body="Dobrý den 😀\n\u2028\x00end"),
        kind=AnswerKind.FORWARD,
        recipients=to,
        files=files,
        quote="> Where is it?",
        is_formatted=True,
        copied_to=PLACE,
        base=frozenset({"mail/Support/<1@x>", "mail/Support/<2@x>"}),
    )
    store.save_draft(draft, AT)
    assert store.draft(draft.draft_id) == draft
    assert store.drafts() == [draft]
    bare = replace(draft, files=(), copied_to=None, recipients=Recipients(), references=())
    store.save_draft(bare, AT)
    assert store.drafts() == [bare]


def test_the_one_changed_last_comes_first(store: AnswerStore) -> None:
    for name, minutes in (("b", 1), ("a", 1), ("old", 0), ("new", 5)):
        store.save_draft(a_draft(name), AT + minutes * MINUTE)
    assert [one.draft_id for one in store.drafts()] == ["new", "a", "b", "old"]
    assert store.drafts()[0].changed_at == AT + 5 * MINUTE


def test_a_removed_draft_is_gone_with_its_versions(store: AnswerStore) -> None:
    draft = a_draft(body="first")
    store.save_draft(draft, AT)
    store.save_draft(replace(draft, body="second"), AT + 2 * MINUTE)
    assert [one.body for one in store.versions(draft.draft_id)] == ["first"]
    store.remove_draft(draft.draft_id)
    assert store.draft(draft.draft_id) is None
    assert store.drafts() == []
    assert store.versions(draft.draft_id) == []
    store.remove_draft(draft.draft_id)


def test_an_outgoing_message_comes_back_as_it_was(store: AnswerStore) -> None:
    outgoing = replace(
        an_outgoing(),
        tries=3,
        next_at=AT + MINUTE,
        problem=Problem(title="No", advice="Wait", is_for_founder=True, sort="ServerBusy"),
        refused=(("jana@x", "550 nobody here"), ("b@x", "550 ünknown")),
        place=PLACE,
        mark="$SD-sending-anna-ab12",
        poised_at=AT,
        sent_at=AT + MINUTE,
        is_sent_anyway=True,
    )
    store.save_outgoing(outgoing)
    assert store.outgoing() == [outgoing]
    bare = replace(an_outgoing(), question=None, answers="")
    store.save_outgoing(bare)
    assert store.outgoing() == [bare]


@pytest.mark.parametrize("state", SendState)
def test_every_state_can_be_kept(store: AnswerStore, state: SendState) -> None:
    store.save_outgoing(an_outgoing(state=state))
    shown = [] if state is SendState.DONE else [state]
    assert [one.state for one in store.outgoing()] == shown


def test_what_is_done_is_forgotten_after_its_time_and_its_draft_at_once(
    store: AnswerStore,
) -> None:
    old = replace(an_outgoing("old", SendState.DONE), sent_at=AT)
    undated = an_outgoing("undated", SendState.DONE)
    new = replace(an_outgoing("new", SendState.DONE), sent_at=AT + 2 * MINUTE)
    filed = replace(an_outgoing("filed", SendState.FILED), sent_at=AT)
    for row in (old, undated, new, filed):
        store.save_draft(a_draft(row.draft_id, body="first"), AT)
        store.save_draft(a_draft(row.draft_id, body="second"), AT + 2 * MINUTE)
        store.save_outgoing(row)
    store.clear_done(AT + MINUTE)
    assert [one.draft_id for one in store.drafts()] == ["filed"]
    assert store.versions(DraftId("new")) == []
    assert store.outgoing() == [filed]
    # The one that is kept still holds its Message-ID.
    for name, is_known in (("old", False), ("undated", False), ("new", True)):
        assert _is_kept(store, DraftId(name)) is is_known


def _is_kept(store: AnswerStore, draft_id: DraftId) -> bool:
    if isinstance(store, MemoryAnswerStore):
        return draft_id in store.on_its_way
    assert isinstance(store, AnswerTable)
    ((count,),) = store._run("SELECT count(*) FROM outgoing WHERE id = ?", (draft_id,))
    return bool(count)


def test_outgoing_messages_come_oldest_first_and_go(store: AnswerStore) -> None:
    for name, minutes in (("b", 1), ("a", 1), ("oldest", 0)):
        store.save_outgoing(an_outgoing(name, since=AT + minutes * MINUTE))
    assert [one.draft_id for one in store.outgoing()] == ["oldest", "a", "b"]
    store.remove_outgoing(DraftId("a"))
    store.remove_outgoing(DraftId("a"))
    assert [one.draft_id for one in store.outgoing()] == ["oldest", "b"]


def test_what_a_server_does_with_copies_is_learnt(store: AnswerStore) -> None:
    assert store.keeps_sent(SUPPORT) is None
    store.learn_keeps_sent(SUPPORT, AT, keeps=True)
    assert store.keeps_sent(SUPPORT) is True
    store.learn_keeps_sent(SUPPORT, AT, keeps=False)
    assert store.keeps_sent(SUPPORT) is False


def test_the_fake_refuses_like_a_full_disk() -> None:
    store = MemoryAnswerStore()
    store.save_outgoing(an_outgoing())
    store.is_full = True
    with pytest.raises(StoreError, match="disk is full"):
        store.save_draft(a_draft(), AT)
    assert store.drafts() == []
    assert store.states_of(DraftId("one")) == ["WAITING"]


# --- of desk.db alone -------------------------------------------------------------------------


def test_versions_are_a_minute_apart(table: AnswerTable) -> None:
    draft = a_draft(body="")
    for second in range(0, 150, 10):
        text = "word " * (second // 10 + 1)
        table.save_draft(replace(draft, body=text), AT + timedelta(seconds=second))
    versions = table.versions(draft.draft_id)
    assert [(one.number, (one.at - AT).seconds) for one in versions] == [(3, 100), (2, 50), (1, 0)]
    assert versions[-1].body == "word "


def test_what_was_cut_out_in_one_go_is_kept_at_once(table: AnswerTable) -> None:
    draft = a_draft(body="start")
    long = "x" * (LOST_LETTERS + 5)
    for second, text in enumerate(("start", "next", long, "short")):
        table.save_draft(replace(draft, body=text), AT + timedelta(seconds=second))
    assert [one.body for one in table.versions(draft.draft_id)] == [long, "start"]


def test_the_newest_versions_stay(table: AnswerTable) -> None:
    draft = a_draft()
    for number in range(VERSIONS + 6):
        table.save_draft(replace(draft, body=f"text {number}"), AT + number * MINUTE)
    versions = table.versions(draft.draft_id)
    assert len(versions) == VERSIONS
    assert versions[0].body == f"text {VERSIONS + 4}"


def test_a_clock_that_was_set_back_stops_no_versions(table: AnswerTable) -> None:
    draft = a_draft(body="one")
    for text, at in (("one", AT), ("two", AT + 2 * MINUTE), ("three", AT - 60 * MINUTE)):
        table.save_draft(replace(draft, body=text), at)
    assert [one.body for one in table.versions(draft.draft_id)] == ["two", "one"]


def test_half_a_letter_stops_nothing(table: AnswerTable) -> None:
    draft = replace(a_draft(body="half \ud83d"), subject="sub \ud83d")
    for _ in range(2):
        table.save_draft(draft, AT)
    assert [one.body for one in table.drafts()] == ["half ?"]
    assert table.versions(draft.draft_id) == []


def test_a_spoilt_row_takes_no_other_along(
    desk: SqliteDeskStore, table: AnswerTable, caplog: pytest.LogCaptureFixture
) -> None:
    for name in ("good", "bad"):
        table.save_draft(a_draft(name), AT)
        table.save_outgoing(an_outgoing(name))
    desk.connection.execute("UPDATE draft SET fields = '{}' WHERE id = 'bad'")
    desk.connection.execute("UPDATE outgoing SET state = 'ELSEWHERE' WHERE id = 'bad'")
    with caplog.at_level(logging.ERROR):
        assert [one.draft_id for one in table.drafts()] == ["good"]
        assert [one.draft_id for one in table.outgoing()] == ["good"]
        assert table.draft(DraftId("bad")) is None


def test_two_messages_never_have_one_message_id(table: AnswerTable) -> None:
    table.save_outgoing(an_outgoing("one"))
    twin = replace(an_outgoing("two"), message_id=MessageId("<one@example.com>"))
    with pytest.raises(sqlite3.IntegrityError):
        table.save_outgoing(twin)
    assert [one.draft_id for one in table.outgoing()] == ["one"]


def test_within_a_turn_nothing_is_kept(desk: SqliteDeskStore, table: AnswerTable) -> None:
    desk.begin()
    with pytest.raises(RuntimeError, match="outside of turns"):
        table.save_outgoing(an_outgoing())
    with pytest.raises(RuntimeError, match="outside of turns"):
        table.save_draft(a_draft(), AT)
    desk.roll_back()


def test_a_refused_write_is_said_and_leaves_nothing(
    desk: SqliteDeskStore, table: AnswerTable, tmp_path: Path
) -> None:
    other = sqlite3.connect(tmp_path / "desk.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    desk.connection.execute("PRAGMA busy_timeout = 0")
    with pytest.raises(StoreError, match="held by another program"):
        table.save_outgoing(an_outgoing())
    other.execute("ROLLBACK")
    other.close()
    assert table.outgoing() == []
    table.save_outgoing(an_outgoing())
    assert table.outgoing() == [an_outgoing()]


def test_only_outgoing_messages_wait_for_the_disk(
    desk: SqliteDeskStore, table: AnswerTable
) -> None:
    said: list[str] = []
    desk.connection.set_trace_callback(said.append)
    table.save_draft(a_draft(), AT)
    assert not [sql for sql in said if "synchronous" in sql]
    table.save_outgoing(an_outgoing())
    desk.connection.set_trace_callback(None)
    around = [sql for sql in said if "synchronous" in sql or sql == "COMMIT"]
    assert around[-3:] == ["PRAGMA synchronous = FULL", "COMMIT", "PRAGMA synchronous = NORMAL"]
    assert desk.connection.execute("PRAGMA synchronous").fetchone() == (1,)
