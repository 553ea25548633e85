"""The test button of "Is it working?": proves what can be proved, and says what cannot, and why.

Sources are tried on a link of their own, as when they were connected, and what is watched has to
be heard as well. A test alert goes the way of every alert, but past pause and quiet hours: the
founder has just asked for it. A click on it proves that clicks come back. That a sound was heard
only the founder can say.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import QObject, QTimer, Signal

from supportdesk.core import Core
from supportdesk.diagnosis.source_trials import Source, SourceTrials, Tried
from supportdesk.domain.alerts import Action, Alert, AlertKind
from supportdesk.domain.health import Hearing, SourceName
from supportdesk.domain.settings import PhoneKind, PhoneSettings
from supportdesk.services.ports import AlertPresenter, AlertResponse

TRIAL_ALERT = "trial"
"""The key of the test alert."""
SHOWN_SECONDS = 3.0
CLICK_SECONDS = 60.0
_CLOSED = "closed"

PlaySound = Callable[[Callable[[str, str], None]], None]
"""Plays a sound; calls back once with the name of what played it and why it failed ("" each)."""


class TrialName(Enum):
    """What is proved, in the order in which the page lists it."""

    MAIL_IN = "Mail comes in"
    PHONE_LINK = "Phones are heard"
    SHOWN = "An alert is shown"
    CLICKED = "A click comes back"
    SOUND = "A sound is played"


class TrialState(Enum):
    """How far a step is; UNPROVEN says in its words why it cannot be proved."""

    RUNNING = "running"
    WORKS = "works"
    FAILED = "failed"
    UNPROVEN = "unproven"


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialStep:
    """One step as it is now; the words name the culprit and the next step where it failed."""

    name: TrialName
    state: TrialState
    words: str


class Trial(QObject):
    """One press of the button; `begin` it once. Lives on the GUI thread.

    Signals:
        step: A `TrialStep`, each time one of them gets further.
        finished: No step is running any more.
    """

    step = Signal(object)
    finished = Signal()

    def __init__(
        self,
        core: Core,
        presenter: AlertPresenter | None,
        play: PlaySound | None,
        *,
        click_seconds: float = CLICK_SECONDS,
        shown_seconds: float = SHOWN_SECONDS,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._core = core
        self._presenter = presenter
        self._play = play
        self._steps: dict[TrialName, TrialStep] = {}
        self._trials = SourceTrials(core.secrets, self)
        self._trials.tried.connect(lambda _tried: self._sources_tried())
        self._shown_timer = self._timer(shown_seconds, self._look_at_alert)
        self._click_timer = self._timer(click_seconds, self._no_click)

    @property
    def steps(self) -> tuple[TrialStep, ...]:
        """In the order of `TrialName`; empty before `begin`."""
        return tuple(self._steps[name] for name in TrialName if name in self._steps)

    @property
    def is_running(self) -> bool:
        return any(step.state is TrialState.RUNNING for step in self._steps.values())

    def begin(self) -> None:
        for name in TrialName:
            self._say(name, TrialState.RUNNING, "Trying.")
        self._trials.begin((*self._core.settings.mail, *self._core.settings.phone))
        self._sources_tried()
        self._begin_alert()
        self._begin_sound()

    def heard(self, response: AlertResponse) -> bool:
        """A click, perhaps on the test alert; False when it is about another one."""
        if response.alert_key != TRIAL_ALERT:
            return False
        if response.action == _CLOSED:
            self._end_click(
                TrialState.UNPROVEN,
                "The test alert was closed, not clicked. Test again and click it to prove this.",
            )
        else:
            self._look_at_alert()
            self._end_click(TrialState.WORKS, "The click on the test alert came back.")
        return True

    def stop(self) -> None:
        """Take the test alert back and wait for nothing more."""
        self._shown_timer.stop()
        self._click_timer.stop()
        self._trials.stop()
        if self._presenter is not None:
            self._presenter.withdraw(TRIAL_ALERT)

    # --- sources -----------------------------------------------------------------------------

    def _sources_tried(self) -> None:
        settings = self._core.settings
        tried = {one.source.name: one for one in self._trials.found}
        self._say_sources(TrialName.MAIL_IN, settings.mail, tried, "No inbox is connected.")
        self._say_sources(TrialName.PHONE_LINK, settings.phone, tried, "No phone is connected.")

    def _say_sources(
        self,
        name: TrialName,
        sources: Iterable[Source],
        tried: dict[SourceName, Tried],
        nothing: str,
    ) -> None:
        lines = [self._source_line(one, tried.get(one.name)) for one in sources]
        if not lines:
            self._say(name, TrialState.UNPROVEN, nothing)
            return
        states = {state for state, _ in lines}
        ranks = (TrialState.RUNNING, TrialState.FAILED, TrialState.UNPROVEN, TrialState.WORKS)
        worst = next(state for state in ranks if state in states)
        words = " ".join(line for _, line in lines)
        if worst is TrialState.WORKS and name is TrialName.MAIL_IN:
            words += " No letter was sent for this: the next that comes is the last proof."
        self._say(name, worst, words)

    def _source_line(self, source: Source, tried: Tried | None) -> tuple[TrialState, str]:
        if isinstance(source, PhoneSettings) and source.kind is PhoneKind.HOOK:
            return TrialState.UNPROVEN, (
                f"{source.name}: it calls us, so only an event of its own proves it. Send one: "
                "supportdesk call ringing --from 5550100."
            )
        if tried is None:
            return TrialState.RUNNING, f"{source.name}: trying."
        if not tried.is_heard:
            problem = tried.problem
            why = f"{problem.title}. {problem.advice}" if problem else "It did not answer."
            return TrialState.FAILED, f"{source.name}: {why}"
        health = self._core.desk.health.health(source.name)
        if health is None or health.hearing is not Hearing.LISTENING:
            why = f"{health.problem.title}. " if health and health.problem else ""
            return TrialState.FAILED, (
                f"{source.name}: {tried.words}; but it is not listened to. {why}"
                "Press Try again now at its card."
            )
        return TrialState.WORKS, f"{source.name}: {tried.words}."

    # --- the test alert ----------------------------------------------------------------------

    def _begin_alert(self) -> None:
        if self._presenter is None:
            for name in (TrialName.SHOWN, TrialName.CLICKED):
                self._say(name, TrialState.UNPROVEN, "Nothing here shows alerts.")
            return
        self._say(TrialName.CLICKED, TrialState.RUNNING, "Click the test alert now.")
        self._presenter.show(self._alert())
        self._shown_timer.start()
        self._click_timer.start()

    def _alert(self) -> Alert:
        return Alert(
            key=TRIAL_ALERT,
            kind=AlertKind.HEALTH,
            title="A test alert",
            body="Click it to prove that clicks come back. Nobody waits.",
            actions=(Action.SHOW,),
            source=SourceName("supportdesk"),
            at=self._core.clock.now(),
        )

    def _look_at_alert(self) -> None:
        """Whatever took the alert has had time to fail."""
        self._shown_timer.stop()
        if self._presenter is None:
            return
        name = self._presenter.name
        if self._presenter.is_available:
            self._say(TrialName.SHOWN, TrialState.WORKS, f"Taken by: {name}.")
        else:
            self._say(TrialName.SHOWN, TrialState.FAILED, f"{name} does not work now.")

    def _no_click(self) -> None:
        self._end_click(
            TrialState.UNPROVEN,
            "No click came within a minute. Test again and click the alert to prove this.",
        )

    def _end_click(self, state: TrialState, words: str) -> None:
        self._click_timer.stop()
        if self._presenter is not None:
            self._presenter.withdraw(TRIAL_ALERT)
        step = self._steps.get(TrialName.CLICKED)
        if step is not None and step.state is TrialState.RUNNING:
            self._say(TrialName.CLICKED, state, words)

    # --- the sound ---------------------------------------------------------------------------

    def _begin_sound(self) -> None:
        if self._play is None:
            words = "No program that plays sounds is known here."
            self._say(TrialName.SOUND, TrialState.UNPROVEN, words)
            return
        self._play(self._played)

    def _played(self, player: str, why_not: str) -> None:
        if why_not:
            self._say(TrialName.SOUND, TrialState.FAILED, why_not)
            return
        self._say(
            TrialName.SOUND,
            TrialState.UNPROVEN,
            f"{player} has played it without a complaint. Whether it was loud enough only you "
            "can say.",
        )

    # --- inside ------------------------------------------------------------------------------

    def _timer(self, seconds: float, do: Callable[[], None]) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(round(seconds * 1000))
        timer.timeout.connect(do)
        return timer

    def _say(self, name: TrialName, state: TrialState, words: str) -> None:
        step = TrialStep(name=name, state=state, words=words)
        if self._steps.get(name) == step:
            return
        self._steps[name] = step
        self.step.emit(step)
        if len(self._steps) == len(TrialName) and not self.is_running:
            self.finished.emit()
