"""A PBX that never stops talking: what matters is told, what does not costs nothing."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from supportdesk.domain.events import CallerJoined, CallMissed, MemberChanged
from supportdesk.domain.health import Hearing
from tests.adapters.asterisk_desk import QUEUES, SETTINGS, Desk
from tests.fakes.ami_script import AmiScript, packet
from tests.fakes.ami_server import FakeAmi

pytestmark = pytest.mark.usefixtures("qapp")

_ROUNDS = 200
_EVENTS_A_ROUND = 100
_PATIENCE_MS = 60_000


@pytest.fixture
def desk(pbx: FakeAmi) -> Iterator[Desk]:
    made = Desk(replace(SETTINGS, port=pbx.port))
    made.phone.start()
    yield made
    made.phone.stop()


@pytest.fixture
def pbx() -> Iterator[FakeAmi]:
    made = FakeAmi(AmiScript(queues=[*QUEUES]))
    yield made
    made.close()


def _noise(number: int) -> bytes:
    """Events that a PBX says thousands of times a second, known and unknown, some of them odd."""
    kinds = (
        packet(Event="RTCPSent", Channel=f"PJSIP/201-{number}", SSRC="0x1", PT="200(SR)"),
        packet(Event="VarSet", Channel=f"PJSIP/202-{number}", Variable="RTPAUDIOQOS", Value="x"),
        packet(Event="NobodyKnowsThis", Field="a", **{"Field2": "b" * 300}),
        b"Event: DeviceStateChange\r\nDevice: PJSIP/201\r\nDevice: again\r\nState: INUSE\r\n\r\n",
        b"Event: QueueMemberStatus\r\nQueue: support\r\nMemberName: Ann\r\nInterface: PJSIP/201\r\n"
        b"StateInterface: PJSIP/201\r\nStatus: 1\r\nPaused: 0\r\n\r\n",
    )
    return kinds[number % len(kinds)]


def _call(number: int, event: str, **more: str) -> bytes:
    return packet(
        Event=event,
        Channel=f"PJSIP/trunk-{number}",
        CallerIDNum=f"+1555010{number:04}",
        CallerIDName=f"Caller {number}",
        Uniqueid=f"9.{number}",
        Linkedid=f"9.{number}",
        Context="from-trunk",
        Exten="800",
        **more,
    )


def test_twenty_thousand_events_hide_no_caller(pbx: FakeAmi, desk: Desk, qtbot: QtBot) -> None:
    qtbot.waitUntil(
        lambda: bool(desk.healths) and desk.hearing is Hearing.LISTENING, timeout=_PATIENCE_MS
    )
    for number in range(_ROUNDS):
        joined = _call(number, "Newchannel")
        joined += _call(number, "QueueCallerJoin", Queue="support", Position="1")
        gone = _call(number, "Hangup", Cause="16")
        noise = [_noise(at) for at in range(_EVENTS_A_ROUND)]
        pbx.say(b"".join([*noise[:40], joined, *noise[40:70], gone, *noise[70:]]))
    qtbot.waitUntil(lambda: desk.count(CallMissed) == _ROUNDS, timeout=_PATIENCE_MS)
    names = [event.caller.name for event in desk.events if isinstance(event, CallerJoined)]
    assert names == [f"Caller {number}" for number in range(_ROUNDS)]
    # A member who is said to be free again and again has not changed.
    assert desk.count(MemberChanged) == 0
    assert desk.hearing is Hearing.LISTENING
