"""A desk store on a disk that fails for a while: nothing is lost and nothing is told twice."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from supportdesk.adapters.storage.desk_store import SqliteDeskStore
from supportdesk.adapters.storage.patient_store import PatientDeskStore
from supportdesk.domain.alerts import PopupRecord
from supportdesk.domain.calls import CallId
from supportdesk.domain.errors import Problem, StoreError
from supportdesk.domain.health import PastTrouble
from supportdesk.services.call_records import Gap
from supportdesk.services.ports import Baseline, DeskStore, PhoneMemory
from tests.adapters.desk_examples import AT, OFFICE, SUPPORT, alert, call, decision, later, span
from tests.conftest import ExpectLog

TROUBLE = PastTrouble(problem=Problem(title="It does not answer", advice="Wait."), since=AT)


class Rig:
    """A patient store on a real file, and the failures that it told."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.disk = SqliteDeskStore(path)
        self.failures: list[StoreError] = []
        self.store = PatientDeskStore(self.disk, self.failures.append)

    @contextmanager
    def failing(self) -> Iterator[None]:
        """What SQLite says where a file may not be written."""
        self.disk._connection.execute("PRAGMA query_only = ON")
        try:
            yield
        finally:
            self.disk._connection.execute("PRAGMA query_only = OFF")

    def next_run(self) -> SqliteDeskStore:
        self.store.close()
        return SqliteDeskStore(self.path)


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    made = Rig(tmp_path / "desk.db")
    yield made
    made.store.close()


BASELINE = Baseline(account=SUPPORT, mailbox="INBOX", uidvalidity=1, uidnext=7, at=AT)


def test_on_a_good_disk_it_is_the_store(rig: Rig) -> None:
    port: DeskStore = rig.store
    assert port.tell(["a", "a", "b"], AT) == ["a", "b"]
    assert rig.store.told(["a", "x"]) == {"a"}
    port.save_baseline(BASELINE)
    port.save_last_heard(AT)
    port.append_span(span())
    assert port.baseline(SUPPORT, "INBOX") == BASELINE
    assert port.baselines(SUPPORT) == [BASELINE]
    assert port.last_heard_at() == AT
    assert port.spans_between(AT, later(1)) == [span()]
    assert rig.store.waiting == 0
    assert rig.failures == []


def test_what_a_failing_disk_does_not_take_is_written_later(rig: Rig) -> None:
    store = rig.store
    store.save_alert(alert("old"))
    store.set_needs_no_reply("done", AT)
    with rig.failing():
        assert store.tell(["a", "b"], AT) == ["a", "b"]
        store.save_baseline(BASELINE)
        store.save_alert(alert("new"))
        store.remove_alert("old")
        store.save_trouble(SUPPORT, TROUBLE)
        store.save_call(call())
        store.save_calls([])
        store.save_calls(
            [replace(call(), call_id=CallId("2")), replace(call(), call_id=CallId("3"))]
        )
        store.mark_read("a", AT)
        store.set_needs_no_reply("b", AT)
        store.clear_needs_no_reply("done")
        store.file_by_hand("a", "conversation", AT)
        store.clear_filed_by_hand("b")
        store.judge_sender("shop@x", AT, is_robot=True)
        store.clear_judged_sender("news@x")
        store.save_last_heard(AT)
        store.append_span(span())
        assert not store.write_waiting()
        assert "may not be written" in rig.failures[0].title
    assert store.waiting > 0
    assert store.write_waiting()
    assert store.waiting == 0
    again = rig.next_run()
    assert again.tell(["a", "b", "c"], AT) == ["c"]
    assert again.baseline(SUPPORT, "INBOX") == BASELINE
    assert [one.key for one in again.open_alerts()] == ["new"]
    assert again.troubles() == {SUPPORT: TROUBLE}
    assert {one.call_id for one in again.calls_since(AT)} == {call().call_id, "2", "3"}
    assert again.read_keys() == {"a"}
    assert again.needs_no_reply_keys() == {"b"}
    assert again.filed_by_hand() == {"a": "conversation"}
    assert again.judged_senders() == {"shop@x": True}
    assert again.last_heard_at() == AT
    assert again.spans_between(AT, later(1)) == [span()]
    again.close()


def test_reads_answer_as_if_it_were_written(rig: Rig) -> None:
    store = rig.store
    store.tell(["before"], AT)
    store.append_span(span("on-disk", later(2)))
    with rig.failing():
        assert store.tell(["before", "a"], AT) == ["a"]
        assert store.tell(["a", "b"], AT) == ["b"]
        assert store.told(["before", "a", "b", "c"]) == {"before", "a", "b"}
        store.save_baseline(BASELINE)
        assert store.baseline(SUPPORT, "INBOX") == BASELINE
        assert store.baseline(OFFICE, "INBOX") is None
        store.append_span(span("waiting", later(1)))
        store.append_span(span("elsewhere", later(99)))
        store.append_span(span("on-disk", later(2), counted=9.0))
        spans = store.spans_between(AT, later(10))
    assert [(one.span_id, one.counted_seconds) for one in spans] == [
        ("waiting", 5.0),
        ("on-disk", 9.0),
    ]


def test_a_span_that_grows_while_it_waits_is_written_once_and_whole(rig: Rig) -> None:
    rig.store.append_span(span(counted=1.0))
    with rig.failing():
        for counted in (2.0, 3.0, 4.0):
            rig.store.append_span(span(counted=counted))
        assert rig.store.waiting == 1
    rig.store.append_span(span("next", later(60)))
    assert rig.store.waiting == 2, "what comes later is written later"
    assert rig.store.write_waiting()
    again = rig.next_run()
    spans = again.spans_between(AT, later(100))
    assert [(one.span_id, one.counted_seconds) for one in spans] == [("span-1", 4.0), ("next", 5.0)]
    again.close()


def _kept(path: Path) -> set[str]:
    """What another program finds in the ledger: what is kept whatever happens to this process."""
    other = sqlite3.connect(path)
    try:
        return {str(key) for (key,) in other.execute("SELECT key FROM told")}
    finally:
        other.close()


def test_what_is_known_of_a_phone_system_waits_too(rig: Rig) -> None:
    memory = PhoneMemory(phone=OFFICE, place="pbx.example:5038", heard_at=AT, counts=())
    gap = Gap(phone=OFFICE, since=AT, until=later(60), missed=None)
    with rig.failing():
        rig.store.save_phone_memory(memory)
        rig.store.save_gap(gap)
    assert rig.store.write_waiting()
    assert rig.store.phone_memory(OFFICE) == memory
    assert rig.store.newest_gaps(1) == [gap]


def test_a_turn_is_kept_as_one(rig: Rig) -> None:
    store = rig.store
    with store.turn():
        assert store.tell(["a"], AT) == ["a"]
        store.save_baseline(BASELINE)
        with store.turn():
            store.save_alert(alert("new"))
            store.append_span(span())
        assert store.tell(["a", "b"], AT) == ["b"]
        assert [one.key for one in store.open_alerts()] == ["new"]
        assert store.baseline(SUPPORT, "INBOX") == BASELINE
        assert store.spans_between(AT, later(1)) == [span()]
        assert _kept(rig.path) == set()
    assert _kept(rig.path) == {"a", "b"}
    with store.turn():
        pass
    assert rig.failures == []


def test_a_turn_that_breaks_off_leaves_nothing(rig: Rig) -> None:
    store = rig.store

    def broken_turn() -> None:
        with store.turn():
            store.tell(["a"], AT)
            store.append_span(span())
            store.save_baseline(BASELINE)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        broken_turn()
    assert store.baseline(SUPPORT, "INBOX") is None
    assert store.spans_between(AT, later(1)) == []
    with store.turn():
        assert store.tell(["a"], AT) == ["a"]
        store.append_span(span(counted=6.0))
    assert _kept(rig.path) == {"a"}
    assert [one.counted_seconds for one in store.spans_between(AT, later(1))] == [6.0]


def test_a_turn_in_which_the_disk_fails_waits_as_a_whole(rig: Rig) -> None:
    store = rig.store
    with store.turn():
        store.tell(["a"], AT)
        store.append_span(span())
        store.save_baseline(BASELINE)
        with rig.failing():
            store.save_alert(alert("new"))
            store.mark_read("a", AT)
        assert store.baseline(SUPPORT, "INBOX") == BASELINE
        assert store.spans_between(AT, later(1)) == [span()]
        assert store.told(["a"]) == {"a"}
    assert len(rig.failures) == 1
    assert _kept(rig.path) == set()
    assert store.waiting == 5
    assert store.write_waiting()
    again = rig.next_run()
    assert again.told(["a"]) == {"a"}
    assert [one.key for one in again.open_alerts()] == ["new"]
    assert again.spans_between(AT, later(1)) == [span()]
    again.close()


def test_a_turn_that_cannot_be_committed_waits_as_a_whole(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> None:
        raise StoreError("The disk is full", "Make room.")

    store = rig.store
    monkeypatch.setattr(rig.disk, "commit", fail)
    with store.turn():
        store.mark_read("a", AT)
    assert store.waiting == 1
    assert not store.write_waiting()
    assert len(rig.failures) == 2
    monkeypatch.undo()
    assert store.write_waiting()
    assert store.read_keys() == {"a"}


def test_untold_alerts_and_the_pause_are_remembered(rig: Rig) -> None:
    store = rig.store
    store.save_untold(["a", "b"])
    store.clear_untold(["a", "x"])
    assert store.pause() is None
    store.save_pause((AT, later(60)))
    assert store.untold() == {"b"}
    again = rig.next_run()
    assert again.untold() == {"b"}
    assert again.pause() == (AT, later(60))
    again.save_pause(None)
    assert again.pause() is None
    again.save_untold(["c"])
    again.clear_untold(["b"])
    assert again.untold() == {"c"}
    again.close()


def test_what_alerts_led_to_waits_too(rig: Rig) -> None:
    popup = PopupRecord(alert_key="a", owner=":1.7", number=7)
    store = rig.store
    store.save_popup(popup)
    store.save_popup(PopupRecord(alert_key="b", owner=":1.7", number=8))
    with rig.failing():
        store.save_told(alert("a"), later(1))
        store.save_decision(decision("mail/1"))
        store.save_decision(decision("mail/1", later(1)))
        store.prune_alert_memory(AT, 99)
        store.remove_popup("b")
        store.save_popup(popup)
        assert (store.told_alert("a"), store.decisions("", 9)) == (None, [])
        assert [one.alert_key for one in store.popups()] == ["a", "b"]
    again = rig.next_run()
    assert again.told_alert("a") is not None
    assert again.decisions("mail/1", 9) == [decision("mail/1", later(1)), decision("mail/1")]
    assert again.popups() == [popup]
    again.close()


def test_at_the_end_it_is_tried_once_more(rig: Rig) -> None:
    with rig.failing():
        rig.store.mark_read("a", AT)
    again = rig.next_run()
    assert again.read_keys() == {"a"}
    again.close()


def test_what_could_not_be_written_at_the_end_is_logged(
    tmp_path: Path, expect_log: ExpectLog
) -> None:
    expect_log("1 changes could not be written")
    rig = Rig(tmp_path / "desk.db")
    with rig.failing():
        rig.store.mark_read("a", AT)
        rig.disk._connection.execute("PRAGMA query_only = ON")
        rig.store.close()
        rig.disk = SqliteDeskStore(rig.path)
    rig.disk.close()


def test_a_bug_of_ours_holds_up_nothing_else(rig: Rig, expect_log: ExpectLog) -> None:
    expect_log("Mistake of ours")
    rig.store.append_span(span(counted=5.0))
    with rig.failing():
        rig.store.append_span(span(counted=1.0))  # a span may only grow
        rig.store.mark_read("a", AT)
    assert rig.store.write_waiting()
    assert rig.store.read_keys() == {"a"}


def test_a_file_that_breaks_meanwhile_stops_nobody(rig: Rig) -> None:
    rig.store.tell(["a"], AT)
    rig.disk._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    content = rig.path.read_bytes()
    rig.path.write_bytes(b"\0" * len(content))
    rig.disk._connection.execute("PRAGMA cache_size = 0")
    store = rig.store
    with sqlite3.connect(":memory:"):
        assert store.open_alerts() == []
        assert store.calls_since(AT) == []
        assert store.read_keys() == store.needs_no_reply_keys() == set()
        assert store.last_heard_at() is None
        assert store.spans_between(AT, later(1)) == []
        assert store.tell(["b", "c"], AT) == ["b", "c"]
        assert store.tell(["c"], AT) == []
    assert rig.failures
    rig.path.write_bytes(content)
