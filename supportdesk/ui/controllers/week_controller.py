"""My week: which week and day are chosen, and the way from a span to its message or call."""

from collections.abc import Callable
from datetime import date, datetime

from PySide6.QtCore import QObject, QTimer

from supportdesk.domain.phone_numbers import can_be_dialled
from supportdesk.domain.reading import SpanKind
from supportdesk.domain.week import Week, WeekId
from supportdesk.services.desk import Desk
from supportdesk.services.reading_log import ReadingLog
from supportdesk.ui import rows
from supportdesk.ui.controllers.acts import Acts
from supportdesk.ui.main_window import MainWindow
from supportdesk.ui.presenter.strip import WeekSoFar
from supportdesk.ui.presenter.week import talk_card, week_view
from supportdesk.ui.presenter.words import age
from supportdesk.ui.rows import Action, ActionButton

_WEEKS = 12


class WeekController(QObject):
    """Owns the chosen week and day; both follow the present until the founder chooses."""

    def __init__(
        self,
        window: MainWindow,
        *,
        desk: Desk,
        log: ReadingLog,
        acts: Acts,
        open_item: Callable[[str], bool],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._window = window
        self._desk = desk
        self._log = log
        self._acts = acts
        self._week: WeekId | None = None
        self._day: date | None = None
        choices = window.choices
        choices.day_chosen.connect(self._choose_day)
        choices.week_chosen.connect(self._choose_week)
        choices.week_step.connect(self._step)
        choices.span_chosen.connect(open_item)
        # Bit by bit before anybody looks: twelve weeks at once would hold the window.
        self._ahead = QTimer(self)
        self._ahead.setSingleShot(True)
        self._ahead.timeout.connect(self._read_ahead)
        self._ahead.start(0)

    def stop(self) -> None:
        """Read nothing more by itself."""
        self._ahead.stop()

    def so_far(self) -> WeekSoFar:
        """This week's minutes, for the strip and the tray."""
        week = self._log.week(self._log.week_at(self._acts.now()))
        return WeekSoFar(minutes=week.counted_minutes, goal_minutes=week.goal_minutes)

    def refresh(self) -> None:
        now = self._acts.now()
        today = now.astimezone().date()
        shown = self._week or self._log.week_at(now)
        last_weeks = self._log.last_weeks(now, _WEEKS)
        view = week_view(
            self._log.week(shown),
            last_weeks,
            chosen=self._day or (today if today in shown.days else shown.from_date),
            today=today,
            talk=self._talk(last_weeks, today),
        )
        self._window.show_week(view)

    # --- inside ------------------------------------------------------------------------

    def _read_ahead(self) -> None:
        if self._log.read_ahead(self._acts.now()):
            self._ahead.start(0)

    def _talk(self, weeks: list[Week], today: date) -> rows.TalkCard:
        people = (person for person in self._desk.calls.missed() if person.is_open)
        missed = next((one for one in people if can_be_dialled(one.newest.number)), None)
        button, note = None, ""
        if missed is not None and missed.open_since is not None:
            button = ActionButton(
                action=Action.CALL_BACK,
                label=f"Call back {missed.label}",
                target=missed.newest.key,
                icon="phone-out",
            )
            waited = age(missed.open_since, self._acts.now())
            note = f"Oldest missed call, {waited if waited != 'now' else 'just now'}"
        return talk_card(_last_talk(weeks), today=today, button=button, note=note)

    def _choose_day(self, day: date) -> None:
        self._day = day
        self.refresh()

    def _choose_week(self, start: date) -> None:
        self._week, self._day = self._log.week_on(start), None
        self.refresh()

    def _step(self, weeks: int) -> None:
        present = self._log.week_at(self._acts.now())
        wanted = (self._week or present).moved(weeks)
        self._week = None if wanted >= present else wanted
        self._day = None
        self.refresh()


def _last_talk(weeks: list[Week]) -> tuple[str, datetime, float] | None:
    for week in reversed(weeks):
        for day in reversed(week.days):
            for part in reversed(day.parts):
                if part.span.kind is SpanKind.TALK and part.counted_seconds:
                    return (part.span.label, part.span.started_at, part.counted_seconds)
    return None
