"""Events cross from workers to the GUI thread, all of them and in order."""

import threading
from datetime import UTC, datetime, timedelta

from PySide6.QtCore import QCoreApplication, QTimer
from pytestqt.qtbot import QtBot

from supportdesk.adapters.qt_publisher import QtPublisher
from supportdesk.domain.events import Event, SourceHeard
from supportdesk.domain.health import SourceName

START = datetime(2026, 11, 21, 10, tzinfo=UTC)
THREADS, EVENTS = 4, 1000


def heard(source: str, number: int) -> SourceHeard:
    return SourceHeard(source=SourceName(source), at=START + timedelta(seconds=number))


def test_four_threads_of_a_thousand_events(qtbot: QtBot) -> None:
    received: list[Event] = []
    receiving_threads: set[int] = set()

    def receive(event: Event) -> None:
        received.append(event)
        receiving_threads.add(threading.get_ident())

    publisher = QtPublisher(receive)

    def work(source: str) -> None:
        for number in range(EVENTS):
            publisher.publish(heard(source, number))

    threads = [threading.Thread(target=work, args=(f"worker {i}",)) for i in range(THREADS)]
    for thread in threads:
        thread.start()
    qtbot.waitUntil(lambda: len(received) == THREADS * EVENTS, timeout=20_000)
    for thread in threads:
        thread.join(5)
    assert receiving_threads == {threading.get_ident()}
    for i in range(THREADS):
        own = [e for e in received if isinstance(e, SourceHeard) and e.source == f"worker {i}"]
        assert own == [heard(f"worker {i}", number) for number in range(EVENTS)]


def test_a_handler_never_runs_inside_another(qtbot: QtBot) -> None:
    order: list[str] = []

    def receive(event: Event) -> None:
        assert isinstance(event, SourceHeard)
        order.append(f"begin {event.source}")
        if event.source == "first":
            publisher.publish(heard("second", 1))
        order.append(f"end {event.source}")

    publisher = QtPublisher(receive)
    publisher.publish(heard("first", 0))
    qtbot.waitUntil(lambda: len(order) == 4)
    assert order == ["begin first", "end first", "begin second", "end second"]


def test_many_at_once_leave_turns_to_others(qtbot: QtBot) -> None:
    """What was asked for before the last of them came is done before the last of them."""
    order: list[str] = []

    def receive(event: Event) -> None:
        assert isinstance(event, SourceHeard)
        threading.Event().wait(0.01)
        order.append(event.source)

    publisher = QtPublisher(receive)
    for number in range(5):
        publisher.publish(heard(f"event {number}", number))
    QTimer.singleShot(0, lambda: order.append("key"))
    qtbot.waitUntil(lambda: len(order) == 6, timeout=30_000)
    assert [one for one in order if one != "key"] == [f"event {number}" for number in range(5)]
    assert order[-1] != "key"


def test_closed_between_two_turns_nothing_more_arrives(qtbot: QtBot) -> None:
    received: list[Event] = []

    def receive(event: Event) -> None:
        threading.Event().wait(0.01)
        received.append(event)

    publisher = QtPublisher(receive)
    for number in range(3):
        publisher.publish(heard("a", number))
    qtbot.waitUntil(lambda: bool(received), timeout=30_000)
    arrived = len(received)
    publisher.close()
    QCoreApplication.processEvents()
    assert arrived < 3
    assert len(received) == arrived


def test_an_event_that_fails_holds_up_no_other(qtbot: QtBot) -> None:
    received: list[Event] = []

    def receive(event: Event) -> None:
        received.append(event)
        threading.Event().wait(0.01)
        assert len(received) != 2

    publisher = QtPublisher(receive)
    with qtbot.captureExceptions() as failures:
        for number in range(4):
            publisher.publish(heard("a", number))
        qtbot.waitUntil(lambda: len(received) == 4, timeout=30_000)
    assert len(failures) == 1


def test_after_closing_nothing_arrives(qapp: QCoreApplication) -> None:
    received: list[Event] = []
    publisher = QtPublisher(received.append)
    publisher.publish(heard("on its way", 0))
    publisher.close()
    publisher.publish(heard("late", 1))
    qapp.processEvents()
    assert received == []
