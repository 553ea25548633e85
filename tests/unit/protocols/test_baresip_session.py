import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from supportdesk.domain.calls import Caller, CallId, MissedReason
from supportdesk.domain.errors import ConnectionLost, PeerProtocolError
from supportdesk.domain.events import (
    CallAnswered,
    CalleeAnswered,
    CallEnded,
    CallerJoined,
    CallMissed,
    DialProgressed,
    Event,
    PhoneSnapshotTaken,
)
from supportdesk.domain.health import SourceName
from supportdesk.protocols.ami_link import Close, Output, Send
from supportdesk.protocols.baresip_calls import BaresipCalls
from supportdesk.protocols.baresip_dial import ANSWER_PATIENCE
from supportdesk.protocols.baresip_session import (
    CAPABILITIES,
    CONNECT_PATIENCE,
    BaresipSession,
    taken_over,
)
from supportdesk.protocols.netstring import NetstringReader, encode

DESK = SourceName("Desk")
PLACE = "127.0.0.1:4444"
T0 = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
CAPTURES = Path(__file__).parents[2] / "fixtures" / "softphones"
CARLA = "sip:+15550100001@127.0.0.72"
RINGS = "\n--- Active calls (1) ---\n> [line 1]  0:00:00   INCOMING             " + CARLA + "\n\n"
QUIET = "\n--- Active calls (0) ---\n\n"
CALLSTAT = (
    "\n===== Call debug (INCOMING) =====\n local_uri: Fay <sip:fay@127.0.0.71>\n"
    f" peer_uri:  Carla Customer <{CARLA}>\n af=AF_INET id=abc\n direction: Incoming\n"
)


def after(seconds: float) -> datetime:
    return T0 + timedelta(seconds=seconds)


def said(message: dict[str, object]) -> bytes:
    return encode(json.dumps(message).encode())


def event(kind: str, call_id: str = "abc", direction: str = "incoming", param: str = "") -> bytes:
    return said(
        {
            "event": True,
            "type": kind,
            "id": call_id,
            "direction": direction,
            "peeruri": CARLA,
            "peerdisplayname": "Carla Customer",
            "param": param,
        }
    )


def asked(outputs: Sequence[Output]) -> list[tuple[str, str]]:
    sent = b"".join(one.data for one in outputs if isinstance(one, Send))
    fields = [json.loads(payload) for payload in NetstringReader("us").feed(sent)]
    return [(one["command"], one.get("params", "")) for one in fields]


def events(outputs: Sequence[Output]) -> list[Event]:
    return [one for one in outputs if not isinstance(one, Send | Close)]


def closed(outputs: Sequence[Output]) -> Close:
    (close,) = [one for one in outputs if isinstance(one, Close)]
    return close


class Wire:
    """A session whose commands are answered by their number."""

    def __init__(self, *, deaf_since: datetime | None = None) -> None:
        self.book = BaresipCalls(DESK, "Desk")
        self.session = BaresipSession(DESK, PLACE, self.book, T0, deaf_since=deaf_since)
        self.count = 0

    def answer(self, text: str, now: datetime = T0, *, is_ok: bool = True) -> list[Output]:
        self.count += 1
        token = f"supportdesk-{self.count}"
        reply = said({"response": True, "ok": is_ok, "data": text, "token": token})
        return self.session.receive(reply, now)

    def live(self) -> "Wire":
        assert asked(self.session.connected(T0)) == [("listcalls", "")]
        self.answer(QUIET)
        return self


def test_a_quiet_phone() -> None:
    wire = Wire()
    assert wire.session.next_wakeup() == T0 + CONNECT_PATIENCE
    wire.session.connected(T0)
    assert wire.session.next_wakeup() == T0 + ANSWER_PATIENCE
    (snapshot,) = wire.answer(QUIET)
    assert snapshot == PhoneSnapshotTaken(
        phone=DESK, callers=(), members=None, capabilities=CAPABILITIES, at=T0
    )
    assert wire.session.next_wakeup() is None
    assert wire.session.last_heard_at == T0


@pytest.mark.parametrize("size", [1, 7, 100_000])
@pytest.mark.parametrize(
    ("name", "kinds", "reason"),
    [
        ("missed", [CallerJoined, CallMissed], MissedReason.GAVE_UP),
        ("rejected", [CallerJoined, CallMissed], MissedReason.DECLINED),
        ("ring-timeout", [CallerJoined, CallMissed], MissedReason.NOT_ANSWERED),
        ("pbx-answered-elsewhere", [CallerJoined, CallMissed], MissedReason.GAVE_UP),
        ("answered", [CallerJoined, CallAnswered, CallEnded], None),
        ("answered-we-hang-up", [CallerJoined, CallAnswered, CallEnded], None),
        (
            "call-waiting",
            [CallerJoined, CallAnswered, CallerJoined, CallMissed],
            MissedReason.GAVE_UP,
        ),
        ("click-to-call", [CalleeAnswered, CallEnded], None),
        ("pbx-registration-lost", [], None),
    ],
)
def test_real_bytes_however_they_are_cut(
    name: str, kinds: list[type[Event]], reason: MissedReason | None, size: int
) -> None:
    session = Wire().live().session
    data = (CAPTURES / f"baresip-{name}.netstring").read_bytes()
    seen: list[Event] = []
    for start in range(0, len(data), size):
        seen += events(session.receive(data[start : start + size], after(start)))
    assert [type(one) for one in seen] == kinds
    reasons = [one.reason for one in seen if isinstance(one, CallMissed)]
    assert reasons == ([] if reason is None else [reason])


def test_who_rings_already_is_in_the_snapshot() -> None:
    wire = Wire()
    wire.session.connected(T0)
    assert asked(wire.answer(RINGS)) == [("callstat", "")]
    (snapshot,) = wire.answer(CALLSTAT)
    assert isinstance(snapshot, PhoneSnapshotTaken)
    (caller,) = snapshot.callers
    assert (caller.call_id, caller.name, caller.number) == ("abc", "Carla Customer", "+15550100001")


def test_what_happens_meanwhile_is_told_after_the_snapshot() -> None:
    wire = Wire()
    wire.session.connected(T0)
    assert wire.session.receive(event("CALL_INCOMING", "first"), T0) == []
    wire.answer(RINGS)
    assert wire.session.receive(event("CALL_CLOSED", "first"), after(1)) == []
    assert wire.session.receive(event("CALL_INCOMING", "second"), after(2)) == []
    snapshot, *others = wire.answer("(no active calls)", after(3))
    assert isinstance(snapshot, PhoneSnapshotTaken)
    assert [caller.call_id for caller in snapshot.callers] == ["second"]
    assert [type(one) for one in others] == [CallerJoined, CallMissed, CallerJoined]


def test_whom_the_founder_reaches_while_we_take_stock_is_talked_to_until_the_end() -> None:
    wire = Wire()
    wire.session.connected(T0)
    wire.answer(RINGS)
    assert wire.session.receive(event("CALL_ESTABLISHED", "out", "outgoing"), T0) == []
    snapshot, reached = wire.answer(CALLSTAT)
    assert isinstance(snapshot, PhoneSnapshotTaken)
    assert [caller.call_id for caller in snapshot.callers] == ["abc"]
    assert isinstance(reached, CalleeAnswered)
    (ended,) = wire.session.receive(event("CALL_CLOSED", "out", "outgoing"), after(60))
    assert isinstance(ended, CallEnded)
    assert ended.talk_seconds == 60


def test_a_gap_is_named_and_what_ended_in_it_is_told() -> None:
    first = Wire().live()
    first.session.receive(event("CALL_ESTABLISHED"), T0)
    second = Wire(deaf_since=after(30))
    second.session = BaresipSession(DESK, PLACE, first.book, after(60), deaf_since=after(30))
    second.session.connected(after(60))
    snapshot, ended = second.answer(QUIET, after(60))
    assert isinstance(snapshot, PhoneSnapshotTaken)
    assert snapshot.deaf_since == after(30)
    assert isinstance(ended, CallEnded)
    assert ended.talk_seconds == 30


def test_a_talk_that_ended_while_we_were_off_counts_as_far_as_it_was_heard() -> None:
    first = Wire().live()
    first.session.receive(event("CALL_ESTABLISHED"), T0)
    evening = after(8 * 3600)
    second = Wire()
    second.session = BaresipSession(DESK, PLACE, first.book, evening, heard_until=after(30))
    second.session.connected(evening)
    snapshot, ended = second.answer(QUIET, evening)
    assert isinstance(snapshot, PhoneSnapshotTaken)
    assert snapshot.deaf_since is None
    assert ended == CallEnded(
        phone=DESK,
        call_id=CallId("abc"),
        talk_seconds=30,
        at=after(30),
        unheard_seconds=8 * 3600 - 30,
    )
    second.session.receive(event("CALL_ESTABLISHED", "def"), evening)
    assert asked(second.session.check(evening)) == [("listcalls", "")]
    (_, last) = second.answer(QUIET, evening + timedelta(seconds=9))
    assert isinstance(last, CallEnded)
    assert last.talk_seconds == 9


def test_a_baresip_that_quits_says_so() -> None:
    session = Wire().live().session
    assert session.receive(said({"event": True, "type": "EXIT"}), T0) == []
    close = closed(session.ended(T0))
    assert close.error.title == "baresip was closed"
    assert not session.was_cut_off
    assert (session.is_live, session.next_wakeup()) == (False, None)
    assert session.ended(T0) == []
    assert session.tick(after(99)) == []


def test_a_link_that_is_cut_off() -> None:
    session = Wire().live().session
    assert closed(session.ended(T0)).error.title == "baresip closed the connection"
    assert session.was_cut_off


def test_somebody_else_at_the_port() -> None:
    session = Wire().session
    session.connected(T0)
    close = closed(session.receive(b"Asterisk Call Manager/5.0.1\r\n", T0))
    assert isinstance(close.error, PeerProtocolError)


def test_a_baresip_that_hangs() -> None:
    waiting = Wire().session
    assert waiting.tick(after(1)) == []
    assert isinstance(closed(waiting.tick(T0 + CONNECT_PATIENCE)).error, ConnectionLost)
    live = Wire().live().session
    assert asked(live.check(after(100))) == [("listcalls", "")]
    assert live.tick(after(101)) == []
    close = closed(live.tick(after(100) + ANSWER_PATIENCE))
    assert close.error.title == f"baresip at {PLACE} does not answer"
    assert live.check(after(200)) == []


def test_a_call_back_and_its_end() -> None:
    wire = Wire().live()
    assert asked(wire.session.call_back("+15550100001", "Carla", T0)) == [("dial", "+15550100001")]
    (calling,) = wire.answer("")
    assert isinstance(calling, DialProgressed)
    assert wire.session.next_wakeup() is not None
    reached, talking = wire.session.receive(event("CALL_ESTABLISHED", "x", "outgoing"), T0)
    assert isinstance(reached, CalleeAnswered)
    assert isinstance(talking, DialProgressed)
    assert talking.is_over
    assert asked(wire.session.hang_up(T0)) == [("hangup", "")]


def test_a_call_that_is_taken() -> None:
    wire = Wire().live()
    (joined,) = wire.session.receive(event("CALL_INCOMING"), T0)
    assert isinstance(joined, CallerJoined)
    assert asked(wire.session.take(joined.caller, T0)) == [("callfind", "abc")]
    assert asked(wire.answer("setting current call: abc\n")) == [("accept", "")]
    wire.answer("Answering incoming call")
    answered, talking = wire.session.receive(event("CALL_ESTABLISHED"), after(2))
    assert isinstance(answered, CallAnswered)
    assert isinstance(talking, DialProgressed)


def test_nothing_is_tried_before_it_is_live_or_after_its_end() -> None:
    session = Wire().session
    caller = Caller(
        phone=DESK, call_id=CallId("a"), number="1", name="", queue="", joined_at=T0, channel="a"
    )
    for outputs in (session.take(caller, T0), session.call_back("1", "", T0)):
        (refused,) = events(outputs)
        assert isinstance(refused, DialProgressed)
        assert (refused.words, refused.number) == ("baresip is not connected", "1")
    assert session.hang_up(T0) == []


def test_an_attempt_ends_with_the_link() -> None:
    wire = Wire().live()
    wire.session.call_back("+15550100001", "Carla", T0)
    (given_up,) = events(wire.session.ended(T0))
    assert isinstance(given_up, DialProgressed)
    assert given_up.has_failed


def test_answers_that_nobody_asked_for_and_nonsense_change_nothing() -> None:
    session = Wire().live().session
    stray = said({"response": True, "ok": True, "data": "", "token": "t9"})
    assert session.receive(stray + encode(b"{x}") + encode(b"[]"), T0) == []


def test_who_has_the_port_is_said() -> None:
    assert taken_over(PLACE).title == f"Another program has taken baresip's control port {PLACE}"
