"""When several happenings of one kind are told as one alert (DESIGN section 7).

Those that follow each other within 20 s are a run; a run of more than three is a burst. The first
of a run is told at once. What comes close behind another waits a moment for company, so that forty
mails that pour in one by one are one alert and not four; so does what joins an alert that is on
show, so that a thousand of them are a few changes of it and not a thousand.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

BURST_WITHIN = timedelta(seconds=20)
BURST_IS_MORE_THAN = 3
COMPANY = timedelta(seconds=1.5)
NEWS_AGAIN_AFTER = timedelta(minutes=10)
"""So long a burst grows silently; then it is news once more."""
ON_SHOW_AT_MOST = 20
"""So many alerts of a kind stand beside each other; with one more they become one."""


class AlertBurst:
    """The run of one kind that is going on.

    Attributes:
        alert_key: Of the alert that speaks for the run since it is a burst.
    """

    def __init__(self) -> None:
        self.alert_key = ""
        self._came: dict[str, None] = {}
        self._last_at: datetime | None = None
        self._due_at: datetime | None = None
        self._news_at: datetime | None = None

    @property
    def keys(self) -> list[str]:
        """All of the run, in the order in which they came."""
        return list(self._came)

    def came(self, keys: Iterable[str], now: datetime) -> None:
        """These are to be told; some may have come before and wait."""
        new = [key for key in keys if key not in self._came]
        if not new:
            return
        if self._last_at is not None and now - self._last_at >= BURST_WITHIN:
            self._end()
        if self._due_at is None:
            is_close = self._last_at is not None and now - self._last_at < COMPANY
            self._due_at = now + COMPANY if is_close else now
        self._came |= dict.fromkeys(new)
        self._last_at = now

    def is_due(self, now: datetime) -> bool:
        """May what came be told? A clock that was set back makes nobody wait longer."""
        return self._due_at is None or not now < self._due_at <= now + COMPANY

    def next_due(self) -> datetime | None:
        return self._due_at

    def told(self) -> None:
        """Nothing waits any more."""
        self._due_at = None

    def begins(self, alert_key: str, now: datetime) -> None:
        """From now on this alert speaks for the run; that is news."""
        self.alert_key = alert_key
        self._news_at = now

    def is_news(self, now: datetime) -> bool:
        """Is it news that the alert of the burst has grown? Then that is told now."""
        if self._news_at is not None and now - self._news_at < NEWS_AGAIN_AFTER:
            return False
        self._news_at = now
        return True

    def _end(self) -> None:
        self.alert_key = ""
        self._came = {}
        self._news_at = None
