"""What is remembered of an Asterisk is never ahead of what the desk has been told."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from supportdesk.adapters.clock import SystemClock
from supportdesk.adapters.phone.asterisk import AsteriskPhone
from supportdesk.adapters.phone.phone_past import PhonePast
from supportdesk.adapters.qt_publisher import QtPublisher
from supportdesk.domain.events import Event, PhoneSnapshotTaken
from supportdesk.domain.settings import PhoneKind, PhoneSettings
from tests.adapters.desk_examples import OFFICE
from tests.fakes.ami_script import AmiScript, queue
from tests.fakes.ami_server import FakeAmi
from tests.fakes.stores import MemoryDeskStore

pytestmark = pytest.mark.usefixtures("qapp")

SETTINGS = PhoneSettings(name=OFFICE, kind=PhoneKind.ASTERISK, host="127.0.0.1", user="desk")


class Run:
    """A desk that looks into its store whenever it is told something."""

    def __init__(self, settings: PhoneSettings) -> None:
        self.store = MemoryDeskStore()
        self.remembered_when_told: list[bool] = []
        self.when_told: Callable[[], None] = lambda: None
        self.publisher = QtPublisher(self.take_in)
        past = PhonePast(self.store, settings)
        self.phone = AsteriskPhone(settings, lambda: "s", self.publisher, SystemClock(), past=past)

    def take_in(self, event: Event) -> None:
        if isinstance(event, PhoneSnapshotTaken):
            self.remembered_when_told.append(bool(self.store.memories))
            self.when_told()

    def counts(self) -> list[int]:
        memory = self.store.phone_memory(OFFICE)
        return [] if memory is None else [one.abandoned for one in memory.counts]


@pytest.fixture
def pbx() -> Iterator[FakeAmi]:
    made = FakeAmi(AmiScript(queues=[queue("support", abandoned=3)]))
    yield made
    made.close()


@pytest.fixture
def run(pbx: FakeAmi) -> Iterator[Run]:
    made = Run(replace(SETTINGS, port=pbx.port))
    made.phone.start()
    yield made
    made.phone.stop()


def test_counters_are_remembered_once_the_desk_has_been_told(run: Run, qtbot: QtBot) -> None:
    """A run that dies in between hears of the gap, and of who was missed in it, again."""
    qtbot.waitUntil(lambda: bool(run.store.memories), timeout=30_000)
    assert run.remembered_when_told == [False]
    assert run.counts() == [3]


def test_a_run_that_ends_in_order_remembers_all_it_heard(run: Run, qtbot: QtBot) -> None:
    run.when_told = run.phone.stop
    qtbot.waitUntil(lambda: bool(run.remembered_when_told), timeout=30_000)
    assert run.counts() == [3]
