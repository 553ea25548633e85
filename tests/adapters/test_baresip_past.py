"""A talk that ended while the program was off lasts until the phone was heard last."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from PySide6.QtNetwork import QHostAddress, QTcpServer, QTcpSocket
from pytestqt.qtbot import QtBot

from supportdesk.adapters.clock import SystemClock
from supportdesk.adapters.phone.baresip import BaresipPhone
from supportdesk.domain.calls import Call, Outcome
from supportdesk.domain.events import CallEnded, PhoneSnapshotTaken
from supportdesk.domain.settings import PhoneKind, PhoneSettings
from supportdesk.protocols.netstring import NetstringReader, encode
from supportdesk.services.ports import PhoneMemory
from tests.adapters.desk_examples import AT, OFFICE, call, later
from tests.fakes.heard_events import HeardEvents
from tests.fakes.stores import MemoryDeskStore

pytestmark = pytest.mark.usefixtures("qapp")

_ANSWERED_AT = AT + timedelta(seconds=14.5)


class Quiet:
    """A control port at which no call goes on."""

    def __init__(self) -> None:
        self._server = QTcpServer()
        assert self._server.listen(QHostAddress("127.0.0.1"), 0)
        self._server.newConnection.connect(self._accept)
        self.port = self._server.serverPort()

    def close(self) -> None:
        self._server.close()

    def _accept(self) -> None:
        socket = self._server.nextPendingConnection()
        reader = NetstringReader("the desk")
        socket.readyRead.connect(lambda: self._answer(socket, reader))

    def _answer(self, socket: QTcpSocket, reader: NetstringReader) -> None:
        for payload in reader.feed(bytes(socket.readAll().data())):
            token = json.loads(payload)["token"]
            said = {"response": True, "ok": True, "data": "(no active calls)", "token": token}
            socket.write(encode(json.dumps(said).encode()))


class StoppedClock(SystemClock):
    def __init__(self, now: datetime) -> None:
        super().__init__()
        self._now = now

    def now(self) -> datetime:
        return self._now


@pytest.fixture
def quiet() -> Iterator[Quiet]:
    made = Quiet()
    yield made
    made.close()


def talk(outcome: Outcome, call_id: str = "1") -> Call:
    return replace(call(call_id), outcome=outcome, by="you", reason=None, closed_at=None)


def told(quiet: Quiet, store: MemoryDeskStore, now: datetime, qtbot: QtBot) -> HeardEvents:
    """What a run says that begins now."""
    settings = PhoneSettings(name=OFFICE, kind=PhoneKind.BARESIP, host="127.0.0.1", port=quiet.port)
    heard = HeardEvents()
    phone = BaresipPhone(settings, heard, StoppedClock(now), records=store)
    phone.start()
    try:
        qtbot.waitUntil(lambda: bool(heard.of(PhoneSnapshotTaken)), timeout=30_000)
    finally:
        phone.stop()
    return heard


@pytest.mark.parametrize("outcome", [Outcome.TAKEN, Outcome.CALLED])
@pytest.mark.parametrize("off", [timedelta(hours=8), timedelta(hours=30), timedelta(days=9)])
def test_a_talk_that_ended_while_we_were_off(
    outcome: Outcome, off: timedelta, quiet: Quiet, qtbot: QtBot
) -> None:
    store = MemoryDeskStore()
    store.save_call(talk(outcome))
    heard_at = _ANSWERED_AT + timedelta(minutes=3)
    store.save_phone_memory(PhoneMemory(phone=OFFICE, place="", heard_at=heard_at, counts=()))
    heard = told(quiet, store, AT + off, qtbot)
    (ended,) = heard.of(CallEnded)
    assert (ended.call_id, ended.talk_seconds, ended.at) == ("1", 180, heard_at)
    assert ended.unheard_seconds >= (off - timedelta(minutes=4)).total_seconds()
    assert heard.of(PhoneSnapshotTaken)[0].deaf_since is None


def test_a_phone_that_was_never_heard_and_a_clock_that_was_set_back(
    quiet: Quiet, qtbot: QtBot
) -> None:
    store = MemoryDeskStore()
    assert told(quiet, store, AT, qtbot).of(CallEnded) == []
    store.save_call(talk(Outcome.TAKEN))
    ahead = PhoneMemory(phone=OFFICE, place="", heard_at=later(9_000), counts=())
    store.save_phone_memory(ahead)
    (ended,) = told(quiet, store, later(60), qtbot).of(CallEnded)
    assert (ended.talk_seconds, ended.at) == (45.5, later(60))
