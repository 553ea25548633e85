"""Is it working?: shows what the diagnosis knows, and begins its test."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from supportdesk.domain.health import PartHealth, SourceName, TrialStep
from supportdesk.services.desk_state import DeskState
from supportdesk.ui.main_window import MainWindow
from supportdesk.ui.presenter.health import health_view
from supportdesk.ui.rows import Action


class HealthDesk(Protocol):
    """What is known of this computer's parts; bootstrap hands over the diagnosis."""

    def parts(self) -> Sequence[PartHealth]: ...

    def report(self) -> str: ...

    def last_events(self) -> Mapping[SourceName, datetime]:
        """When the last mail or call of each source came."""
        ...

    def trial_steps(self) -> Sequence[TrialStep]:
        """How far the test is; empty before it was first asked for."""
        ...

    def begin_trial(self) -> None: ...


class HealthController:
    """Feeds the page while it is on show."""

    def __init__(self, window: MainWindow, health: HealthDesk) -> None:
        self._window = window
        self._health = health

    def refresh(self, state: DeskState) -> None:
        health = self._health
        self._window.show_health(
            health_view(
                state.healths,
                health.parts(),
                now=state.at,
                report=health.report(),
                last_events=health.last_events(),
                trial=health.trial_steps(),
            )
        )

    def handlers(self) -> dict[Action, Callable[[str], None]]:
        return {Action.BEGIN_TRIAL: lambda _key: self._health.begin_trial()}
