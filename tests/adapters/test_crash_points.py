"""The desk dies at each single write in turn: no mail goes untold, none is told of twice."""

import sqlite3
from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from pytestqt.qtbot import QtBot

from supportdesk.adapters.desk_runner import DeskRunner
from supportdesk.adapters.storage.desk_store import SqliteDeskStore
from supportdesk.adapters.storage.patient_store import PatientDeskStore
from supportdesk.domain.alerts import Happened, Notice
from supportdesk.domain.errors import StoreError
from supportdesk.domain.events import Event
from supportdesk.domain.health import Hearing
from supportdesk.services.desk import Desk
from tests.fakes.happenings import (
    OFFICE,
    SUPPORT,
    T0,
    a_message,
    a_snapshot,
    arrived,
    as_utc,
    covered,
    health,
    opened,
    same_number,
    settings_with,
)

LETTERS = [a_message(uid, at=T0 + timedelta(seconds=uid)) for uid in range(1, 7)]
NEVER = 1_000_000


class _Died(BaseException):
    """The process ends here; nothing of ours may catch it."""


class _Doomed:
    """A connection whose process dies at a given statement, and does nothing from then on."""

    def __init__(self, connection: sqlite3.Connection, statements: int) -> None:
        self._connection = connection
        self._left = statements

    def execute(self, *arguments: Any) -> sqlite3.Cursor:
        self._left -= 1
        if self._left < 0:
            raise _Died
        return self._connection.execute(*arguments)

    @property
    def in_transaction(self) -> bool:
        return self._connection.in_transaction

    @property
    def left(self) -> int:
        return self._left

    def close(self) -> None:
        """What has not been committed is gone."""
        self._connection.close()


class _HandClock:
    def __init__(self) -> None:
        self.at = T0

    def now(self) -> datetime:
        return self.at

    def monotonic_seconds(self) -> float:
        return (self.at - T0).total_seconds()

    def boot_seconds(self) -> float:
        return self.monotonic_seconds()


class _Run:
    """One run of the desk on a file. It dies at the statement with this number."""

    def __init__(self, path: Path, clock: _HandClock, statements: int) -> None:
        self.told: list[Notice] = []
        self._clock = clock
        disk = SqliteDeskStore(path)
        self.connection = _Doomed(disk._connection, statements)
        disk._connection = self.connection  # type: ignore[assignment]
        store = PatientDeskStore(disk, _no_failure)
        self._desk = Desk(
            settings=settings_with(), store=store, normalise=same_number, to_local=as_utc
        )
        self._runner = DeskRunner(desk=self._desk, clock=clock, one_transaction=store.turn)
        self._runner.noticed.connect(self.told.append)

    def live(self) -> bool:
        """False if it died on the way."""
        try:
            self._runner.perform(lambda now: self._desk.restore([], now))
            for event in _events():
                self._clock.at += timedelta(seconds=1)
                self._runner.receive(event)
            for _ in range(40):
                self._clock.at += timedelta(seconds=1)
                self._runner.perform(self._desk.tick)
        except _Died:
            return False
        finally:
            self._runner.stop()
            self.connection.close()
        return True


def _events() -> Iterable[Event]:
    yield opened(1)
    yield health(SUPPORT, Hearing.LISTENING)
    yield health(OFFICE, Hearing.LISTENING)
    yield a_snapshot()
    yield arrived(*LETTERS[:1])
    yield arrived(*LETTERS[1:4])
    yield arrived(*LETTERS[4:])


def _no_failure(error: StoreError) -> None:
    raise AssertionError(error)


def _happened(told: Iterable[Notice]) -> Counter[str]:
    return Counter(one.key for one in told if isinstance(one, Happened))


def test_dying_at_any_write_leaves_no_mail_untold(qtbot: QtBot, tmp_path: Path) -> None:
    measure = _Run(tmp_path / "measure.db", _HandClock(), NEVER)
    assert measure.live()
    statements = NEVER - measure.connection.left
    keys = {letter.key for letter in LETTERS}
    assert covered(measure.told) == keys
    for statement in range(statements):
        path = tmp_path / f"{statement}.db"
        clock = _HandClock()
        first = _Run(path, clock, statement)
        assert not first.live()
        again = _Run(path, clock, NEVER)
        assert again.live()
        told = [*first.told, *again.told]
        assert covered(told) >= keys, f"died at statement {statement} of {statements}"
        assert max(_happened(told).values()) == 1
