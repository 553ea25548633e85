"""My week: which week and day are chosen, and the way from a span to its message or call."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime

from PySide6.QtCore import QObject, QTimer

from supportdesk.domain.hours import ToLocal
from supportdesk.domain.reading import Span
from supportdesk.domain.week import Week, WeekId
from supportdesk.services.desk import Desk
from supportdesk.services.log_corrections import LogCorrections
from supportdesk.services.reading_log import ReadingLog
from supportdesk.ui import rows
from supportdesk.ui.controllers.acts import Acts
from supportdesk.ui.controllers.log_acts import LogActs
from supportdesk.ui.main_window import MainWindow
from supportdesk.ui.presenter.last_talk import missed_ago, oldest_to_call_back
from supportdesk.ui.presenter.strip import WeekSoFar, week_so_far
from supportdesk.ui.presenter.week import SpanFacts, talk_card, week_view
from supportdesk.ui.rows import Action, ActionButton, Page
from supportdesk.ui.theme.theme import Theme

_WEEKS = 12
_MIDDLE = 3


class WeekController(QObject):
    """Owns the chosen week and day; both follow the present until the founder chooses."""

    def __init__(
        self,
        window: MainWindow,
        *,
        desk: Desk,
        log: ReadingLog,
        corrections: LogCorrections,
        acts: Acts,
        theme: Theme,
        to_local: ToLocal,
        open_item: Callable[[str], bool],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._window = window
        self._desk = desk
        self._log = log
        self._acts = acts
        self._week: WeekId | None = None
        self._today: date | None = None
        self._chosen: rows.SpanChoice | None = None
        self._words: dict[str, int] = {}
        self._uncounted: list[str] = []
        self._is_awaited = False
        self.log_acts = LogActs(
            window, corrections, acts, theme=theme, to_local=to_local, span=self._span
        )
        choices = window.choices
        choices.day_chosen.connect(self._choose_spans)
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
        self.log_acts.stop()

    def so_far(self) -> WeekSoFar:
        """The minutes of the present week, for the strip."""
        return week_so_far(self._log, self._acts.now())

    def refresh(self) -> None:
        """Show what is in memory at once; what has to be read comes in idle moments."""
        now = self._acts.now()
        self._today = today = self._log.today(now)
        last_weeks = self._log.known_weeks(now, _WEEKS)
        shown = self._log.week(self._shown_week(now))
        view = week_view(
            shown,
            last_weeks,
            chosen=self._choice(shown, today),
            today=today,
            talk=self._talk(now, today),
            facts=SpanFacts(
                words=self._words, call=self._desk.calls.call, history=self.log_acts.history
            ),
            period=self._log.period,
        )
        self._uncounted = self._without_words(view)
        said, (undo, words) = self.log_acts.notice, self.log_acts.undoable()
        self._window.show_week(replace(view, notice=said, undo=undo, undo_words=words))
        if None in last_weeks or self._uncounted:
            self._is_awaited = True
            self._ahead.start(0)

    def time_passed(self) -> None:
        """Midnight, or a journey, has made another day of today."""
        if self._log.today(self._acts.now()) != self._today:
            self.refresh()

    # --- inside ------------------------------------------------------------------------

    def _shown_week(self, now: datetime) -> WeekId:
        """The chosen week; of weeks that begin on other days by now the one most like it."""
        if self._week is None:
            return self._log.week_at(now)
        return self._log.week_around(self._week.days[_MIDDLE], now)

    def _span(self, span_id: str) -> Span | None:
        """Of the week on show."""
        week = self._log.week(self._shown_week(self._acts.now()))
        spans = (part.span for day in week.days for part in day.parts)
        return next((span for span in spans if span.span_id == span_id), None)

    def _read_ahead(self) -> None:
        """One short step; when there is none left, show what came of them."""
        now = self._acts.now()
        if self._log.read_ahead(now) or self._count_words():
            self._ahead.start(0)
        elif self._is_awaited:
            self._is_awaited = False
            if self._window.page is Page.WEEK:
                self.refresh()

    def _count_words(self) -> bool:
        """Of one message whose row is on show; its text is read from the disk."""
        if not self._uncounted:
            return False
        item = self._uncounted.pop()
        message = self._desk.inbox.message(item)
        text = self._acts.cached_text(message) if message is not None else None
        self._words[item] = text.words if text is not None else 0
        return True

    def _without_words(self, view: rows.WeekView) -> list[str]:
        items = dict.fromkeys(span.item for span in view.spans if span.kind is rows.SpanKind.READ)
        return [item for item in reversed(items) if item not in self._words]

    def _choice(self, week: Week, today: date) -> rows.SpanChoice:
        """What the founder chose; until then the present day, or the first of another week."""
        if self._chosen is not None and self._chosen.day in (None, *week.week_id.days):
            return self._chosen
        return rows.SpanChoice(day=today if today in week.week_id.days else week.from_date)

    def _talk(self, now: datetime, today: date) -> rows.TalkCard:
        missed = oldest_to_call_back(self._desk.calls.missed())
        button, note = None, ""
        if missed is not None:
            button = ActionButton(
                action=Action.CALL_BACK,
                label=f"Call back {missed.label}",
                target=missed.newest.key,
                icon="phone-out",
            )
            note = f"Oldest missed call, {missed_ago(missed, now)}"
        return talk_card(self._log.newest_talk(), today=today, button=button, note=note)

    def _choose_spans(self, choice: rows.SpanChoice) -> None:
        self._chosen = choice
        self.refresh()

    def _choose_week(self, start: date) -> None:
        self._show(self._log.week_around(start, self._acts.now()))

    def _step(self, weeks: int) -> None:
        self._show(self._shown_week(self._acts.now()).moved(weeks))

    def _show(self, week: WeekId) -> None:
        """The present week is followed when it ends."""
        present = self._log.week_at(self._acts.now())
        self._week = None if week >= present else week
        self._chosen = None
        self.refresh()
