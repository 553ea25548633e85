"""What stands above the lists of the Calls page: how a call goes, or what was done and its Undo."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from supportdesk.domain.errors import StoreError
from supportdesk.domain.events import DialProgressed
from supportdesk.ui import rows
from supportdesk.ui.rows import Action, ActionButton, Tone

_STAYS = timedelta(minutes=1)
# A phone that never says how it went is believed to ring for a minute at most.
_STAYS_IN_HAND = 2 * _STAYS


class CallsBanner:
    """The last that was said, until a minute after it is over: it takes room from the lists."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._notice: rows.Notice | None = None
        self._take_back: Callable[[], None] | None = None
        self._gone_at: datetime | None = None

    @property
    def gone_at(self) -> datetime | None:
        """When there is nothing more to show; None when there is nothing now."""
        return self._gone_at

    def shown(self, now: datetime) -> rows.Notice | None:
        if self._gone_at is not None and now >= self._gone_at:
            self._put(None)
        return self._notice

    def say(self, title: str, text: str, tone: Tone = Tone.NORMAL) -> None:
        """Something that is over with these words."""
        self._put(rows.Notice(title=title, text=text, tone=tone))

    def begin(self, title: str, text: str) -> None:
        """Something that goes on; more will be said of it."""
        self._put(rows.Notice(title=title, text=text, tone=Tone.NORMAL), _STAYS_IN_HAND)

    def progressed(self, event: DialProgressed) -> None:
        if not event.is_over:
            self.begin(event.words, event.number)
        else:
            self.say(event.words, event.number, Tone.BRICK if event.has_failed else Tone.GOOD)

    def done(self, title: str, text: str, take_back: Callable[[], None]) -> None:
        undo = ActionButton(
            action=Action.UNDO_MISSED_DONE, label="Undo", icon="refresh", shortcut="u"
        )
        self._put(rows.Notice(title=title, text=text, tone=Tone.GOOD, buttons=(undo,)))
        self._take_back = take_back

    def undo(self) -> None:
        """Take back what was done last, once; what the disk refuses can be asked for again."""
        notice, take_back = self._notice, self._take_back
        if notice is None or take_back is None:
            return
        self._put(None)
        try:
            take_back()
        except StoreError as error:
            title, text = f"Not undone: {error.problem.title}", error.problem.advice
            self._put(replace(notice, title=title, text=text, tone=Tone.AMBER))
            self._take_back = take_back

    def _put(self, notice: rows.Notice | None, stays: timedelta = _STAYS) -> None:
        self._notice, self._take_back = notice, None
        self._gone_at = self._clock() + stays if notice else None
