"""What stands above the lists of the Calls page: how a call goes, or what was done and its Undo."""

from collections.abc import Callable
from datetime import datetime, timedelta

from supportdesk.domain.events import DialProgressed
from supportdesk.ui import rows
from supportdesk.ui.rows import Action, ActionButton

_UNDO_IS_OFFERED_FOR = timedelta(minutes=1)


class CallsBanner:
    """How a call goes stays until the next one; what was done is said for a while."""

    def __init__(self) -> None:
        self._notice: rows.Notice | None = None
        self._take_back: Callable[[], None] | None = None
        self._done_at: datetime | None = None

    def shown(self, now: datetime) -> rows.Notice | None:
        if self._done_at is not None and now - self._done_at > _UNDO_IS_OFFERED_FOR:
            self._put(None)
        return self._notice

    def say(self, title: str, text: str) -> None:
        self._put(rows.Notice(title=title, text=text, tone=rows.Tone.AMBER))

    def progressed(self, event: DialProgressed) -> None:
        tone = rows.Tone.AMBER
        if event.is_over:
            tone = rows.Tone.BRICK if event.has_failed else rows.Tone.GOOD
        self._put(rows.Notice(title=event.words, text=event.number, tone=tone))

    def done(self, title: str, text: str, take_back: Callable[[], None], now: datetime) -> None:
        undo = ActionButton(
            action=Action.UNDO_MISSED_DONE, label="Undo", icon="refresh", shortcut="u"
        )
        self._put(rows.Notice(title=title, text=text, tone=rows.Tone.GOOD, buttons=(undo,)))
        self._take_back, self._done_at = take_back, now

    def undo(self) -> None:
        """Take back what was done last, once."""
        take_back = self._take_back
        if take_back is not None:
            self._put(None)
            take_back()

    def _put(self, notice: rows.Notice | None) -> None:
        self._notice, self._take_back, self._done_at = notice, None, None
