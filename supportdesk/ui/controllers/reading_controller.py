"""Drives the reading clock: what is open, whether it is in front, and a beat a second.

The beat runs only while the clock wants it. Attention is asked for again at every beat, since
a window that another one covers is not told.
"""

from datetime import timedelta

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal

from supportdesk.domain.hours import ToLocal
from supportdesk.domain.reading import DropRule, Moment, Span, SpanKind
from supportdesk.services.ports import Clock
from supportdesk.services.reading_clock import ReadingClock, ReadMessage
from supportdesk.services.reading_log import ReadingLog
from supportdesk.ui.main_window import MainWindow
from supportdesk.ui.rows import ClockView, ReaderState

_BEAT_MILLISECONDS = 1000
_OF_HANDS = (QEvent.Type.KeyPress, QEvent.Type.MouseButtonPress, QEvent.Type.TouchBegin)


class ReadingController(QObject):
    """Owns the beat timer.

    Signals:
        counted: The log has grown.
        really_read: A message: time with it has counted.
        used: A key or a click came to the window while the session counts as locked.
    """

    counted = Signal()
    really_read = Signal(str)
    used = Signal()

    def __init__(
        self,
        window: MainWindow,
        *,
        log: ReadingLog,
        clock: Clock,
        to_local: ToLocal,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._window = window
        self._log = log
        self._clock = clock
        self._to_local = to_local
        self._reading = ReadingClock()
        self._away: DropRule | None = None
        self._open_key: str | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(_BEAT_MILLISECONDS)
        self._timer.setTimerType(Qt.TimerType.CoarseTimer)
        self._timer.timeout.connect(self._beat)
        window.reader_state_changed.connect(self._reader_state_changed)
        window.choices.reading_activity.connect(self._activity)

    def opened(self, message: ReadMessage | None) -> None:
        """The inbox shows this message, or none."""
        at = self._moment()
        self._open_key = None if message is None else message.key
        if message is None:
            self._settle(self._reading.closed(at))
        else:
            self._settle(self._reading.opened(message, at))
            self._attend(self._window.reader_state())

    def away(self, why: DropRule | None) -> None:
        """The session was locked or the computer sleeps; None when the founder is back."""
        self._away = why
        self._attend(self._window.reader_state())

    def typed(self, item: str, label: str) -> None:
        """A key in an answer to this item: writing counts too (F52)."""
        self._settle(self._reading.typed(item, label, self._moment()))

    def reply_closed(self) -> None:
        """The answer was sent or put away."""
        self._settle(self._reading.reply_closed(self._moment()))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _OF_HANDS:
            self.used.emit()
        return super().eventFilter(watched, event)

    def stop(self) -> None:
        """End the spans that are open and write them."""
        self._settle(self._reading.reply_closed(self._moment()))
        self._settle(self._reading.closed(self._moment()))
        self._timer.stop()

    # --- inside ------------------------------------------------------------------------

    def _reader_state_changed(self, state: ReaderState) -> None:
        self._attend(state)

    def _watch_for_hands(self) -> None:
        """Only behind a lock: a filter in Python costs each event of the window."""
        if not self._window.isVisible():
            return  # it has no handle, or no hands come to it; showing it asks again
        handle = self._window.windowHandle()
        if self._away is DropRule.LOCKED:
            handle.installEventFilter(self)
        else:
            handle.removeEventFilter(self)

    def _attend(self, state: ReaderState) -> None:
        self._watch_for_hands()
        is_open = state.message_key is not None and state.message_key == self._open_key
        why_not = self._away
        if why_not is None and not (is_open and state.is_counting_allowed):
            why_not = DropRule.NOT_IN_FRONT
        self._settle(self._reading.attention(why_not, self._moment()))

    def _activity(self) -> None:
        self._settle(self._reading.activity(self._moment()))

    def _beat(self) -> None:
        state = self._window.reader_state()
        if not state.is_counting_allowed:
            self._attend(state)
        else:
            self._settle(self._reading.beat(self._moment()))

    def _settle(self, spans: tuple[Span, ...]) -> None:
        if spans:
            self._log.record(spans)
            self.counted.emit()
            for span in spans:
                if span.kind is SpanKind.READ and span.counted_seconds:
                    self.really_read.emit(span.item)
        if self._reading.wants_beats != self._timer.isActive():
            self._timer.start() if self._reading.wants_beats else self._timer.stop()
        state = self._reading.state()
        label = state.label or "nothing open"
        if state.rule is DropRule.NOT_IN_FRONT:
            # The window knows better whether it is hidden, minimised or covered.
            label = self._window.reader_state().why_not or label
        self._window.show_clock(
            ClockView(is_counting=state.is_counting, label=label, why=state.why)
        )

    def _moment(self) -> Moment:
        now = self._clock.now()
        return Moment(
            now=now,
            monotonic_seconds=self._clock.monotonic_seconds(),
            boot_seconds=self._clock.boot_seconds(),
            utc_offset=self._to_local(now).utcoffset() or timedelta(),
        )
