"""A running core whose sources have been quiet for long, on real servers."""

from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Self

from pytestqt.qtbot import QtBot

from supportdesk.adapters.clock import SystemClock
from supportdesk.adapters.places import Places
from supportdesk.core import Core
from supportdesk.domain.alerts import AlertRaised, AlertWithdrawn, Happened, Notice
from supportdesk.domain.health import Hearing, SourceName
from supportdesk.domain.quiet import UsualTraffic
from supportdesk.domain.silence import Finding, Habit, Verdict
from tests.fakes.memory_secrets import MemorySecrets
from tests.fakes.presenter import RecordingPresenter

STEADY = UsualTraffic(by_hour=(6.0,) * 168, days=56)


class JumpingClock(SystemClock):
    """The wall clock can be ahead; what waits by the monotonic one does not notice."""

    ahead = timedelta()

    def now(self) -> datetime:
        return super().now() + self.ahead


class SilentDesk:
    """Made on `settings`, started, and stopped at the end."""

    def __init__(self, home: Path, qtbot: QtBot, settings: str, secrets: dict[str, str]) -> None:
        home.mkdir(exist_ok=True)
        (home / "settings.toml").write_text(settings)
        self.qtbot = qtbot
        self.clock = JumpingClock()
        kept = MemorySecrets()
        for name, secret in secrets.items():
            kept.set(name, secret)
        self.core = Core(
            Places.under(home), presenter=RecordingPresenter(), secrets=kept, clock=self.clock
        )
        self.notices: list[Notice] = []
        self.core.runner.noticed.connect(self.notices.append)

    def __enter__(self) -> Self:
        self.core.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.core.stop()

    def wait_until_heard(self, source: str) -> None:
        def is_heard() -> bool:
            health = self.core.desk.health.health(SourceName(source))
            return health is not None and health.hearing is Hearing.LISTENING

        self.qtbot.waitUntil(is_heard, timeout=30_000)

    def be_quiet(self, source: str, minutes: int = 70) -> None:
        """So long nothing has come from it, where something does every ten minutes."""
        self.clock.ahead += timedelta(minutes=minutes)
        newest = self.clock.now() - timedelta(minutes=minutes)
        habit = Habit(traffic=STEADY, question_weight=6, newest=newest, today=500)
        self.core.silence_tests.take_habit(SourceName(source), habit)

    def time_passes(self, minutes: int) -> None:
        """Unnoticed; whatever wakes the alarm next finds it so late."""
        self.clock.ahead += timedelta(minutes=minutes)
        self.core.silence_tests.look_at_clock()

    def finding(self, source: str) -> Finding | None:
        return self.core.silence_tests.findings().get(SourceName(source))

    def wait_for(self, source: str, verdict: Verdict, *, seconds: float = 60) -> Finding:
        def is_found() -> bool:
            finding = self.finding(source)
            return finding is not None and finding.found.verdict is verdict

        self.qtbot.waitUntil(is_found, timeout=round(seconds * 1000))
        finding = self.finding(source)
        assert finding is not None
        return finding

    def raised(self) -> list[str]:
        return [one.alert.title for one in self.notices if isinstance(one, AlertRaised)]

    def withdrawn(self) -> list[str]:
        return [one.alert.title for one in self.notices if isinstance(one, AlertWithdrawn)]

    def happened(self) -> list[str]:
        return [one.title for one in self.notices if isinstance(one, Happened)]
