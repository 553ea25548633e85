"""The app's ordinary adapters on the practice desk: they connect, hear, take and call back."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import pytest
from pytestqt.qtbot import QtBot

from supportdesk.adapters.clock import SystemClock
from supportdesk.adapters.mail.imap_worker import ImapWorker
from supportdesk.adapters.phone.asterisk import AsteriskPhone
from supportdesk.domain.events import (
    CallAnswered,
    CallerJoined,
    CallMissed,
    DialProgressed,
    Event,
    HealthChanged,
    MessagesArrived,
    PhoneSnapshotTaken,
)
from supportdesk.domain.health import Hearing, SourceName
from supportdesk.domain.settings import MailSettings, PhoneKind, PhoneSettings, Security
from supportdesk.practice.desk import PracticeAddresses, PracticeDesk
from supportdesk.practice.script import DayScript, Due, MailIsPosted, SomebodyCalls
from tests.practice.held_clock import Day
from tests.practice.on_loop import wait_until

E = TypeVar("E", bound=Event)
PAVEL, AUBRY = "+420541000018", "+33465712018"


class Heard:
    """Keeps what adapters publish."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._events: list[Event] = []

    def publish(self, event: Event) -> None:
        with self._lock:
            self._events.append(event)

    def all(self, kind: type[E]) -> list[E]:
        with self._lock:
            return [event for event in self._events if isinstance(event, kind)]


def phone_of(at: PracticeAddresses, heard: Heard) -> AsteriskPhone:
    settings = PhoneSettings(
        name=SourceName("Practice"),
        kind=PhoneKind.ASTERISK,
        host=at.ami_host,
        port=at.ami_port,
        security=Security.NONE,
        user=at.ami_user,
        queues=(at.queue,),
        founder=at.founder,
        context=at.context,
    )
    return AsteriskPhone(settings, lambda: at.ami_secret, heard, SystemClock())


def mail_of(at: PracticeAddresses, heard: Heard, cache: Path) -> ImapWorker:
    settings = MailSettings(
        name=SourceName("Practice"),
        address=at.address,
        host=at.imap_host,
        port=at.imap_port,
        user=at.imap_user,
        security=Security.NONE,
    )
    return ImapWorker(settings, lambda: at.imap_password, cache, heard, SystemClock())


def is_heard(heard: Heard) -> bool:
    states = [event.health.hearing for event in heard.all(HealthChanged)]
    return bool(states) and states[-1] is Hearing.LISTENING


@pytest.fixture
def day(monkeypatch: pytest.MonkeyPatch) -> Day:
    """Of the desk of a test; it begins when the test says so."""
    return Day(monkeypatch)


@pytest.fixture
def heard() -> Heard:
    return Heard()


@pytest.fixture
def desk() -> Iterator[PracticeDesk]:
    desk = PracticeDesk(datetime.now(UTC), speed=15.0)
    yield desk
    desk.stop()


def test_the_phone_adapter_lives_the_first_minute(
    day: Day, desk: PracticeDesk, heard: Heard, qtbot: QtBot
) -> None:
    phone = phone_of(desk.start(), heard)
    phone.start()
    qtbot.waitUntil(lambda: is_heard(heard), timeout=30_000)
    day.begin()
    qtbot.waitUntil(lambda: bool(heard.all(CallMissed)), timeout=30_000)
    phone.stop()
    (snapshot, *_) = heard.all(PhoneSnapshotTaken)
    assert snapshot.members is not None
    assert len(snapshot.members) == 5
    assert snapshot.capabilities.can_take
    assert snapshot.capabilities.can_dial
    assert is_heard(heard)
    callers = {event.caller.number: event.caller for event in heard.all(CallerJoined)}
    assert callers[PAVEL].name == "Pavel Kiss"
    answers = {event.call_id: event.by for event in heard.all(CallAnswered)}
    assert answers[callers[PAVEL].call_id] == "Anna Dvořák"
    (missed,) = heard.all(CallMissed)
    assert (missed.number, missed.name) == (AUBRY, "Maison Aubry")


def waiting_caller_only() -> DayScript:
    call = SomebodyCalls(customer="ingrid", answer_seconds=None, patience_seconds=600)
    opening = (Due(at=1.0, happening=call),)
    return DayScript(begins=0, opening=opening, lap=(), opening_seconds=9, lap_seconds=9)


def dialled(heard: Heard) -> list[str]:
    return [event.words for event in heard.all(DialProgressed)]


def test_the_founder_takes_a_waiting_call(heard: Heard, qtbot: QtBot) -> None:
    desk = PracticeDesk(datetime.now(UTC), speed=4.0, script=waiting_caller_only())
    try:
        phone = phone_of(desk.start(), heard)
        phone.start()
        qtbot.waitUntil(lambda: bool(heard.all(CallerJoined)), timeout=30_000)
        phone.take(heard.all(CallerJoined)[0].caller)
        qtbot.waitUntil(lambda: bool(heard.all(CallAnswered)), timeout=30_000)
        qtbot.waitUntil(
            lambda: "You are talking to Ingrid Solheim" in dialled(heard), timeout=30_000
        )
        phone.stop()
    finally:
        desk.stop()
    (answer,) = heard.all(CallAnswered)
    assert answer.by_interface == "PJSIP/104"
    assert not heard.all(CallMissed)
    assert not any(event.has_failed for event in heard.all(DialProgressed))
    assert dialled(heard)[-1] == "You are talking to Ingrid Solheim"


def test_the_founder_calls_back(heard: Heard, qtbot: QtBot) -> None:
    quiet = DayScript(begins=0, opening=(), lap=(), opening_seconds=0, lap_seconds=0)
    desk = PracticeDesk(datetime.now(UTC), speed=8.0, script=quiet)
    try:
        phone = phone_of(desk.start(), heard)
        phone.start()
        qtbot.waitUntil(lambda: is_heard(heard), timeout=30_000)
        phone.call_back("+33 4 65 71 20 18", "Maison Aubry")
        qtbot.waitUntil(lambda: any(e.is_over for e in heard.all(DialProgressed)), timeout=30_000)
        phone.stop()
    finally:
        desk.stop()
    last = heard.all(DialProgressed)[-1]
    assert not last.has_failed, last.words
    assert not heard.all(CallMissed)
    assert not heard.all(CallerJoined)


def test_the_mail_adapter_reads_the_box_and_hears_what_comes(heard: Heard, tmp_path: Path) -> None:
    post = Due(at=1.0, happening=MailIsPosted(letter="levain-second-shop"))
    script = DayScript(begins=0, opening=(post,), lap=(), opening_seconds=9, lap_seconds=9)
    desk = PracticeDesk(datetime.now(UTC), script=script)
    worker = mail_of(desk.start(), heard, tmp_path / "mail.db")
    worker.start()

    def subjects() -> set[str]:
        arrived = heard.all(MessagesArrived)
        return {message.subject for event in arrived for message in event.messages}

    def ours() -> set[str]:
        arrived = heard.all(MessagesArrived)
        sent = [one for event in arrived for one in event.messages if one.is_ours]
        return {message.sender.name for message in sent}

    try:
        wait_until(lambda: "Second shop: one account or two?" in subjects(), "the new mail")
        wait_until(lambda: "Rechnung 2214" in subjects(), "the old mail")
        wait_until(lambda: is_heard(heard), "listening")
        wait_until(lambda: len(ours()) >= 4, "what we sent")
    finally:
        worker.stop(60.0)
        desk.stop()
    assert "Perché il lievito madre costa zero? (la città non è Milano...)" in subjects()
    assert "Az ékezetek eltűnnek az árcédulákról" in subjects()
    messages = [m for event in heard.all(MessagesArrived) for m in event.messages]
    assert len({message.message_id for message in messages}) == len(messages)
    robots = {message.sender.label for message in messages if message.is_robot}
    assert robots == {
        "Backhaus Linde",  # the automatic answer only
        "Mail Delivery System",
        "Paywell",
        "The Crumb Report",
        "Watchtower",
    }
    assert ours() == {"Anna Dvořák", "Priya Nair", "Tomáš Beran", "Jonas Weiß"}
    assert all(message.sent_at <= datetime.now(UTC) for message in messages)
