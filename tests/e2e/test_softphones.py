"""A real baresip and a real Linphone on the founder's desk."""

import shutil
import socket
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from supportdesk.adapters.phone.baresip import BaresipPhone
from supportdesk.adapters.phone.linphone import LinphonePhone
from supportdesk.domain.calls import MissedReason, Outcome
from supportdesk.domain.events import (
    CallAnswered,
    CallEnded,
    CallerJoined,
    CallMissed,
    DialProgressed,
    PhoneSnapshotTaken,
)
from supportdesk.domain.health import Hearing
from supportdesk.domain.settings import PhoneKind, PhoneSettings
from tests.adapters.phone_contract import CLOCK, NAME
from tests.fakes.heard_events import HeardEvents, run_for
from tests.fakes.stores import MemoryDeskStore
from tests.lab.linphone import LinphoneLab
from tests.lab.softphone_pair import SoftphonePair

pytestmark = [pytest.mark.linphone, pytest.mark.usefixtures("qapp")]


@pytest.fixture
def pair() -> Iterator[SoftphonePair]:
    with SoftphonePair() as made:
        yield made


class BaresipDesk:
    """A started adapter of the founder's baresip, and what it told."""

    def __init__(self, pair: SoftphonePair) -> None:
        self.heard = HeardEvents()
        settings = PhoneSettings(
            name=NAME, kind=PhoneKind.BARESIP, host=pair.founder_host, port=pair.control_port
        )
        self.phone = BaresipPhone(settings, self.heard, CLOCK)
        self.phone.start()
        self.heard.listening()

    @property
    def last_words(self) -> DialProgressed | None:
        said = self.heard.of(DialProgressed)
        return said[-1] if said else None

    def is_over(self) -> bool:
        return self.last_words is not None and self.last_words.is_over


@pytest.fixture
def desk(pair: SoftphonePair, qapp: QApplication) -> Iterator[BaresipDesk]:
    made = BaresipDesk(pair)
    yield made
    made.phone.stop()


def test_a_missed_an_answered_and_a_declined_call_on_baresip(
    pair: SoftphonePair, desk: BaresipDesk
) -> None:
    pair.ring()
    joined = desk.heard.wait_for(CallerJoined)
    assert (joined.caller.number, joined.caller.name) == ("+15550100001", "Carla Customer")
    assert joined.caller.queue == ""
    pair.customer.hang_up()
    missed = desk.heard.wait_for(CallMissed)
    assert (missed.call_id, missed.reason) == (joined.caller.call_id, MissedReason.GAVE_UP)

    start = len(desk.heard.events)
    pair.ring()
    second = desk.heard.wait_for(CallerJoined, start=start)
    desk.phone.take(second.caller)
    answered = desk.heard.wait_for(CallAnswered, start=start)
    assert (answered.call_id, answered.by_interface) == (second.caller.call_id, NAME)
    desk.heard.wait_until(desk.is_over, "the taking to be over")
    assert desk.last_words is not None
    assert desk.last_words.words == "You are talking to Carla Customer"
    run_for(1)
    pair.customer.hang_up()
    assert desk.heard.wait_for(CallEnded, start=start).talk_seconds > 0.5

    start = len(desk.heard.events)
    pair.ring()
    desk.heard.wait_for(CallerJoined, start=start)
    desk.phone.hang_up()
    declined = desk.heard.wait_for(CallMissed, start=start)
    assert declined.reason is MissedReason.DECLINED


def test_calling_back_with_baresip(pair: SoftphonePair, desk: BaresipDesk) -> None:
    mark = pair.customer.mark()
    desk.phone.call_back("+1 555 010-0001", "Carla")
    pair.customer.wait_for_event("CALL_INCOMING", start=mark)
    desk.phone.call_back("+15550100001", "Carla")
    assert desk.last_words is not None
    assert desk.last_words.words == "baresip is already calling Carla"
    start = len(desk.heard.events)
    pair.customer.answer()
    desk.heard.wait_until(
        lambda: any(one.is_over for one in desk.heard.of(DialProgressed, start)),
        "the answer to be told",
    )
    assert desk.last_words.words == "You are talking to Carla"
    desk.phone.hang_up()
    pair.customer.wait_for_event("CALL_CLOSED", start=mark)

    mark, start = pair.customer.mark(), len(desk.heard.events)
    desk.phone.call_back("+15550100001", "Carla")
    pair.customer.wait_for_event("CALL_INCOMING", start=mark)
    pair.customer.hang_up()
    desk.heard.wait_until(
        lambda: any(one.is_over for one in desk.heard.of(DialProgressed, start)),
        "the refusal to be told",
    )
    refused = desk.heard.of(DialProgressed, start)[-1]
    assert refused.has_failed
    assert refused.words == "Carla is busy"


def test_a_call_that_rings_when_supportdesk_starts(pair: SoftphonePair) -> None:
    first = BaresipDesk(pair)
    pair.ring()
    first.heard.wait_for(CallerJoined)
    first.phone.stop()
    second = BaresipDesk(pair)
    (snapshot,) = second.heard.of(PhoneSnapshotTaken)
    (caller,) = snapshot.callers
    assert (caller.number, caller.name) == ("+15550100001", "Carla Customer")
    second.phone.take(caller)
    assert second.heard.wait_for(CallAnswered).call_id == caller.call_id
    second.phone.stop()


def test_another_program_takes_the_control_port(pair: SoftphonePair, desk: BaresipDesk) -> None:
    with socket.create_connection(pair.founder.control_address) as other:
        desk.heard.wait_until(
            lambda: "Another program has taken" in desk.heard.problem_title, "the other to be named"
        )
        assert desk.heard.hearing is Hearing.DEAF
        other.settimeout(3)
        with pytest.raises(TimeoutError):
            other.recv(1)  # it is served: nobody fights it for the port
    start = len(desk.heard.events)
    desk.phone.check_now()
    snapshot = desk.heard.wait_for(PhoneSnapshotTaken, start=start)
    assert snapshot.deaf_since is not None


def test_a_baresip_that_hangs_is_found_out_when_it_is_asked(
    pair: SoftphonePair, desk: BaresipDesk
) -> None:
    pair.freeze()
    desk.phone.call_back("+15550100001", "Carla")
    desk.heard.wait_until(lambda: desk.heard.hearing is Hearing.DEAF, "to be deaf")
    assert "does not answer" in desk.heard.problem_title
    assert desk.last_words is not None
    assert desk.last_words.has_failed
    start = len(desk.heard.events)
    pair.thaw()
    desk.heard.wait_for(PhoneSnapshotTaken, start=start, seconds=20)


def test_a_baresip_that_is_closed_says_so(pair: SoftphonePair, desk: BaresipDesk) -> None:
    pair.founder.stop()
    desk.heard.wait_until(lambda: desk.heard.hearing is Hearing.DEAF, "to be deaf")
    desk.heard.wait_until(lambda: "is not there at" in desk.heard.problem_title, "the reason")


# --- Linphone ------------------------------------------------------------------------------


class LinphoneDesk:
    """A started adapter of a Linphone; `store` outlives it, as desk.db does."""

    def __init__(self, folder: Path, store: MemoryDeskStore | None = None) -> None:
        self.heard = HeardEvents()
        self.store = store or MemoryDeskStore()
        settings = PhoneSettings(name=NAME, kind=PhoneKind.LINPHONE, folder=str(folder))
        self.phone = LinphonePhone(settings, self.heard, CLOCK, records=self.store)
        self.phone.start()


def test_a_missed_an_answered_and_a_declined_call_on_linphone(linphone_lab: LinphoneLab) -> None:
    desk = LinphoneDesk(linphone_lab.data)
    desk.heard.listening()
    linphone_lab.ring()
    linphone_lab.customer.hang_up()
    missed = desk.heard.wait_for(CallMissed)
    assert (missed.number, missed.name) == ("+15550100001", "Carla Customer")
    assert missed.reason is MissedReason.NOT_ANSWERED

    start = len(desk.heard.events)
    linphone_lab.ring()
    linphone_lab.answer()
    run_for(2.5)
    linphone_lab.customer.hang_up()
    answered = desk.heard.wait_for(CallAnswered, start=start)
    assert (answered.by_interface, answered.number) == (NAME, "+15550100001")
    assert desk.heard.wait_for(CallEnded, start=start).talk_seconds >= 1

    start = len(desk.heard.events)
    linphone_lab.ring()
    linphone_lab.say("terminate")
    assert desk.heard.wait_for(CallMissed, start=start).reason is MissedReason.DECLINED
    desk.phone.stop()


def test_what_linphone_missed_while_the_app_was_off_is_told_once(
    linphone_lab: LinphoneLab,
) -> None:
    first = LinphoneDesk(linphone_lab.data)
    first.heard.listening()
    first.phone.stop()
    linphone_lab.ring()
    linphone_lab.give_up()
    second = LinphoneDesk(linphone_lab.data, first.store)
    missed = second.heard.wait_for(CallMissed)
    assert missed.number == "+15550100001"
    second.phone.stop()
    assert len(second.heard.of(CallMissed)) == 1
    assert Outcome.MISSED not in {call.outcome for call in first.store.calls_since(missed.at)}


def _history(folder: Path) -> Path:
    """A call-history.db of our own with one old call in it."""
    source = Path(__file__).parents[1] / "fixtures" / "softphones" / "linphone-5.1-call-history.db"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "call-history.db"
    shutil.copy(source, path)
    return path


def _add_missed(path: Path, call_id: str) -> None:
    with closing(sqlite3.connect(path)) as database, database:
        database.execute(
            "INSERT INTO call_history (caller, callee, direction, duration, start_time,"
            " connected_time, status, videoEnabled, quality, call_id)"
            " VALUES ('\"Dan\" <sip:+15550100002@h>', '<sip:fay@h>', 1, 4, ?, '0', 2, 0, -1.0, ?)",
            (str(int(CLOCK.now().timestamp()) + 2), call_id),
        )


def test_a_history_that_comes_later_is_seen(tmp_path: Path) -> None:
    folder = tmp_path / "share" / "linphone"
    desk = LinphoneDesk(folder)
    desk.heard.wait_until(lambda: desk.heard.hearing is Hearing.DEAF, "to be deaf")
    assert "There is no call history of Linphone" in desk.heard.problem_title
    path = _history(folder)
    desk.heard.listening()
    assert desk.heard.of(CallMissed) == []
    _add_missed(path, "first")
    assert desk.heard.wait_for(CallMissed).call_id == "first"
    desk.phone.stop()


def test_a_locked_a_half_written_and_a_replaced_history(tmp_path: Path) -> None:
    path = _history(tmp_path)
    desk = LinphoneDesk(tmp_path)
    desk.heard.listening()
    with closing(sqlite3.connect(path, isolation_level=None)) as writer:
        writer.execute("BEGIN EXCLUSIVE")
        desk.phone.check_now()
        run_for(0.5)
        writer.execute("ROLLBACK")
    _add_missed(path, "locked")
    desk.heard.wait_for(CallMissed)

    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    desk.heard.wait_until(lambda: desk.heard.hearing is Hearing.DEAF, "to be deaf", seconds=20)
    assert "cannot be read" in desk.heard.problem_title
    start = len(desk.heard.events)
    path.write_bytes(whole)
    desk.heard.wait_for(PhoneSnapshotTaken, start=start)

    start = len(desk.heard.events)
    other = tmp_path / "new.db"
    shutil.copy(path, other)
    _add_missed(other, "replaced")
    other.replace(path)
    assert desk.heard.wait_for(CallMissed, start=start).call_id == "replaced"
    desk.phone.stop()
    assert [event.call_id for event in desk.heard.of(CallMissed)] == ["locked", "replaced"]


def test_the_history_is_read_without_a_trace(tmp_path: Path) -> None:
    path = _history(tmp_path)
    before = path.read_bytes(), path.stat().st_mtime_ns, sorted(tmp_path.iterdir())
    desk = LinphoneDesk(tmp_path)
    desk.heard.listening()
    desk.phone.stop()
    assert (path.read_bytes(), path.stat().st_mtime_ns, sorted(tmp_path.iterdir())) == before


def test_the_newer_schema_tells_who_rings(tmp_path: Path) -> None:
    """A row appears when it rings and changes until the end, as Linphone 5.3 writes it."""
    source = Path(__file__).parents[1] / "fixtures" / "softphones" / "linphone-5.3.105-linphone.db"
    path = tmp_path / "linphone.db"
    shutil.copy(source, path)
    path.chmod(0o600)
    desk = LinphoneDesk(tmp_path)
    desk.heard.listening()
    (snapshot,) = desk.heard.of(PhoneSnapshotTaken)
    assert snapshot.capabilities.sees_waiting
    began = f"{CLOCK.now():%Y-%m-%d %H:%M:%S}"
    with closing(sqlite3.connect(path)) as database, database:
        database.execute(
            "INSERT INTO conference_call (from_sip_address_id, to_sip_address_id, direction,"
            " duration, start_time, status, video_enabled, quality, call_id)"
            " VALUES (1, 2, 1, 0, ?, 1, 0, -1.0, 'new')",
            (began,),
        )
    joined = desk.heard.wait_for(CallerJoined)
    assert (joined.caller.number, joined.caller.name) == ("+15550100001", "Carla Müller")
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("UPDATE conference_call SET status = 2 WHERE call_id = 'new'")
    assert desk.heard.wait_for(CallMissed).call_id == joined.caller.call_id
    desk.phone.stop()
