"""One call for one click: what was asked for is in hand until the phone says how it went."""

from datetime import datetime, timedelta

from supportdesk.domain.events import DialProgressed
from supportdesk.ui import rows

# A phone that never says how it went does not block its button for longer.
_LONGEST = timedelta(seconds=60)
# Longer than any double click.
_SETTLED = timedelta(seconds=2)


class Dialling:
    """Owns what is in hand and the words about it."""

    def __init__(self) -> None:
        self.notice: rows.Notice | None = None
        self._key = ""
        self._until: datetime | None = None

    def begin(self, key: str, now: datetime) -> bool:
        """False when just this is in hand already: a second click places no second call."""
        if key == self._key and self._until is not None and now < self._until:
            return False
        self._key, self._until = key, now + _LONGEST
        return True

    def handed_over(self, now: datetime) -> None:
        """It is out of our hands; only the second click of a double click is the same."""
        self._until = now + _SETTLED

    def progressed(self, event: DialProgressed, now: datetime) -> None:
        tone = rows.Tone.AMBER
        if event.is_over:
            tone = rows.Tone.BRICK if event.has_failed else rows.Tone.GOOD
            self.handed_over(now)
        self.notice = rows.Notice(title=event.words, text=event.number, tone=tone)

    def say(self, title: str, text: str) -> None:
        self.notice = rows.Notice(title=title, text=text, tone=rows.Tone.AMBER)
