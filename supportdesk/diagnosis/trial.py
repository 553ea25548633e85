"""The test button of "Is it working?": proves what can be proved, and says what cannot, and why.

Sources are tried on a link of their own, as when they were connected, and what is watched has to
be heard as well. A test alert goes the way of every alert, but past pause and quiet hours: the
founder has just asked for it. A click on it proves that clicks come back. That a sound was heard
only the founder can say.
"""

from collections.abc import Callable, Iterable, Sequence

from PySide6.QtCore import QObject, QTimer, Signal

from supportdesk.adapters.desktop.alert_chain import AlertChain
from supportdesk.adapters.desktop.sounds import Played, SoundPlayer
from supportdesk.core import Core
from supportdesk.diagnosis.source_trials import Source, SourceTrials, Tried
from supportdesk.domain.alerts import Action, Alert, AlertKind, AlertPage, Sound
from supportdesk.domain.health import CheckState, Hearing, SourceName, TrialName, TrialStep
from supportdesk.domain.settings import MailSettings, PhoneKind, PhoneSettings
from supportdesk.services.ports import AlertResponse, GoneHow, PresenterSkill, PresenterState

TRIAL_ALERT = "trial"
"""The key of the test alert."""
SHOWN_SECONDS = 8.0
CLICK_SECONDS = 60.0
_CLOSED = "closed"
_SOUND = Sound.MAIL
_WORST_FIRST = (CheckState.TRYING, CheckState.BROKEN, CheckState.UNKNOWN, CheckState.GOOD)
_CLICKABLE = {PresenterSkill.CLICK, PresenterSkill.BUTTONS}


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
        presenters: AlertChain | None,
        sounds: SoundPlayer,
        *,
        click_seconds: float = CLICK_SECONDS,
        shown_seconds: float = SHOWN_SECONDS,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._core = core
        self._presenters = presenters
        self._sounds = sounds
        self._steps: dict[TrialName, TrialStep] = {}
        self._is_stopped = False
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
        return any(step.state is CheckState.TRYING for step in self._steps.values())

    def begin(self) -> None:
        for name in TrialName:
            self._say(name, CheckState.TRYING, "Trying.")
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
                CheckState.UNKNOWN,
                "The test alert was closed, not clicked. Test again and click it to prove this.",
            )
        else:
            self._end_click(CheckState.GOOD, "The click on the test alert came back.")
            self._look_at_alert(is_confirmed=True)
        self._take_back()
        return True

    def stop(self) -> None:
        """Take the test alert back and wait for nothing more; nothing is told after that."""
        self._is_stopped = True
        self._shown_timer.stop()
        self._click_timer.stop()
        self._trials.stop()
        if self._presenters is not None:
            self._presenters.shown.disconnect(self._is_shown)
            self._presenters.gone.disconnect(self._is_gone)
            self._take_back()
            self._presenters = None

    # --- sources -----------------------------------------------------------------------------

    def _sources_tried(self) -> None:
        settings = self._core.settings
        tried = {one.source.name: one for one in self._trials.found}
        mail, phones = settings.mail, settings.phone
        self._say_lines(
            TrialName.MAIL_IN,
            [self._source_line(one, tried.get(one.name)) for one in mail],
            "No inbox is connected.",
        )
        self._say_lines(
            TrialName.MAIL_OUT,
            [_sending_line(one, tried.get(one.name)) for one in mail if one.smtp is not None],
            "No server for sending is named in the settings: answers are written elsewhere.",
        )
        self._say_lines(
            TrialName.PHONE_LINK,
            [self._source_line(one, tried.get(one.name)) for one in phones],
            "No phone is connected.",
        )

    def _say_lines(
        self, name: TrialName, lines: Sequence[tuple[CheckState, str]], nothing: str
    ) -> None:
        if not lines:
            self._say(name, CheckState.UNKNOWN, nothing)
            return
        states = {state for state, _ in lines}
        worst = next(state for state in _WORST_FIRST if state in states)
        words = " ".join(line for _, line in lines)
        if worst is CheckState.GOOD and name is TrialName.MAIL_IN:
            words += " No letter was sent for this: the next that comes is the last proof."
        self._say(name, worst, words)

    def _source_line(self, source: Source, tried: Tried | None) -> tuple[CheckState, str]:
        if isinstance(source, PhoneSettings) and source.kind is PhoneKind.HOOK:
            return CheckState.UNKNOWN, (
                f"{source.name}: it calls us, so only an event of its own proves it. Send one: "
                "supportdesk call ringing --from 5550100."
            )
        if tried is None:
            return CheckState.TRYING, f"{source.name}: trying."
        if not tried.is_heard:
            problem = tried.problem
            why = f"{problem.title}. {problem.advice}" if problem else "It did not answer."
            return CheckState.BROKEN, f"{source.name}: {why}"
        health = self._core.desk.health.health(source.name)
        if health is None or health.hearing is not Hearing.LISTENING:
            why = f"{health.problem.title}. " if health and health.problem else ""
            return CheckState.BROKEN, (
                f"{source.name}: {tried.words}; but it is not listened to. {why}"
                "Press Try again now at its card."
            )
        return CheckState.GOOD, f"{source.name}: {tried.words}."

    # --- the test alert ----------------------------------------------------------------------

    def _begin_alert(self) -> None:
        if self._presenters is None:
            for name in (TrialName.SHOWN, TrialName.CLICKED):
                self._say(name, CheckState.UNKNOWN, "Nothing here shows alerts.")
            return
        self._say(TrialName.CLICKED, CheckState.TRYING, "Click the test alert now.")
        self._presenters.shown.connect(self._is_shown)
        self._presenters.gone.connect(self._is_gone)
        self._shown_timer.start()
        self._click_timer.start()
        self._presenters.show(self._alert())
        by = self._presenters.shown_by(TRIAL_ALERT)
        if by is None or by.is_last_resort:
            self._look_at_alert()

    def _alert(self) -> Alert:
        return Alert(
            key=TRIAL_ALERT,
            kind=AlertKind.HEALTH,
            title="A test alert",
            body="Click it to prove that clicks come back. Nobody waits.",
            actions=(Action.SHOW,),
            source=SourceName("supportdesk"),
            at=self._core.clock.now(),
            page=AlertPage.HEALTH,
            sound=_SOUND if self._daemon_sounds() else Sound.NONE,
        )

    def _is_shown(self, key: str) -> None:
        if key == TRIAL_ALERT:
            self._look_at_alert(is_confirmed=True)

    def _is_gone(self, key: str, how: GoneHow) -> None:
        # Whoever closes it is heard, and sometimes told only after this.
        if key == TRIAL_ALERT and how is GoneHow.EXPIRED:
            words = (
                "The test alert left the screen before it was clicked. Test again to prove this."
            )
            self._end_click(CheckState.UNKNOWN, words)

    def _look_at_alert(self, *, is_confirmed: bool = False) -> None:
        """Whatever took the alert has said so, or has had the time to."""
        if self._presenters is None or self._is_said(TrialName.SHOWN):
            return
        self._shown_timer.stop()
        by = self._presenters.shown_by(TRIAL_ALERT)
        if by is None or by.is_last_resort:
            self._say(TrialName.SHOWN, CheckState.BROKEN, _not_shown(self._presenters.states()))
            self._end_click(CheckState.UNKNOWN, "No alert came onto the screen to be clicked.")
            return
        if is_confirmed:
            self._say(TrialName.SHOWN, CheckState.GOOD, f"{by.name}: it stands on the screen.")
        else:
            words = f"{by.name} took it, and does not tell whether it stands on the screen."
            self._say(TrialName.SHOWN, CheckState.UNKNOWN, words)
        if not by.can & _CLICKABLE:
            self._end_click(
                CheckState.UNKNOWN,
                f"{by.name} cannot be clicked. The first entry of the tray menu opens the newest "
                "alert instead.",
            )

    def _no_click(self) -> None:
        self._end_click(
            CheckState.UNKNOWN,
            "No click came within a minute. Test again and click the alert to prove this.",
        )
        self._take_back()

    def _end_click(self, state: CheckState, words: str) -> None:
        if not self._is_said(TrialName.CLICKED):
            self._say(TrialName.CLICKED, state, words)

    def _take_back(self) -> None:
        self._click_timer.stop()
        if self._presenters is not None:
            self._presenters.withdraw(TRIAL_ALERT)

    # --- the sound ---------------------------------------------------------------------------

    def _daemon_sounds(self) -> bool:
        return self._presenters is not None and PresenterSkill.SOUND in self._presenters.state().can

    def _begin_sound(self) -> None:
        if self._presenters is not None and self._daemon_sounds():
            self._played(Played(player=self._presenters.state().name))
            return
        self._sounds.play(_SOUND, self._played)

    def _played(self, played: Played) -> None:
        if played.why_not:
            self._say(TrialName.SOUND, CheckState.BROKEN, played.why_not)
            return
        where = "on the usual device, for the chosen one did not: " if played.is_elsewhere else ""
        self._say(
            TrialName.SOUND,
            CheckState.UNKNOWN,
            f"{played.player} took it {where}without a complaint. Whether it was loud enough only "
            "you can say.",
        )

    # --- inside ------------------------------------------------------------------------------

    def _timer(self, seconds: float, do: Callable[[], None]) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(round(seconds * 1000))
        timer.timeout.connect(do)
        return timer

    def _is_said(self, name: TrialName) -> bool:
        step = self._steps.get(name)
        return step is not None and step.state is not CheckState.TRYING

    def _say(self, name: TrialName, state: CheckState, words: str) -> None:
        step = TrialStep(name=name, state=state, words=words)
        # A player may still be playing, and a server answering.
        if self._is_stopped or self._steps.get(name) == step:
            return
        self._steps[name] = step
        self.step.emit(step)
        if len(self._steps) == len(TrialName) and not self.is_running:
            self.finished.emit()


def _sending_line(source: MailSettings, tried: Tried | None) -> tuple[CheckState, str]:
    if tried is None:
        return CheckState.TRYING, f"{source.name}: trying."
    problem = tried.sending_problem
    if problem is not None:
        return CheckState.BROKEN, f"{source.name}: {problem.title}. {problem.advice}"
    if not tried.sending:
        return CheckState.BROKEN, f"{source.name}: the server for sending did not answer."
    return CheckState.GOOD, f"{source.name}: {tried.sending}."


def _not_shown(states: Iterable[PresenterState]) -> str:
    why = next((one.last_error or one.words for one in states if not one.is_available), "")
    return " ".join(
        (
            "Only the log has it: nothing on this desktop shows pop-ups now.",
            *([why if why.endswith(".") else f"{why}."] if why else []),
            "Start a notification daemon, such as dunst; supportdesk notices it by itself.",
        )
    )
