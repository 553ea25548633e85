"""Since when the founder was not told, and whether the sources have caught up since (F5).

After a start or a sleep nothing is told of mail and missed calls until every source has been heard
again and a moment has passed without more, or until waiting longer would itself be silence.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from supportdesk.domain.health import SourceName

CALM = timedelta(seconds=2)
LONGEST_CATCHING_UP = timedelta(seconds=30)
# A restart after a crash or an update repeats nothing that is still open; a night's absence does.
LONG_ABSENCE = timedelta(minutes=10)


class Absence:
    """One absence at a time: the earliest beginning counts."""

    def __init__(self) -> None:
        self._since: datetime | None = None
        self._began_at: datetime | None = None
        self._active_at: datetime | None = None
        self._missing: set[SourceName] = set()
        self._is_asleep = False
        self._was_silenced = False
        self.was_off_for_long = False

    @property
    def since(self) -> datetime | None:
        """Beginning of the absence that no digest has closed yet."""
        return self._since

    def note(self, since: datetime) -> None:
        """The founder is not being told."""
        self._since = since if self._since is None else min(self._since, since)

    def silence(self, since: datetime) -> None:
        """The founder wants not to be told."""
        self._was_silenced = True
        self.note(since)

    def is_worth_a_digest(self, now: datetime) -> bool:
        """Not so a restart or a nap: what came in it is told like anything else."""
        is_long = self._since is not None and now - self._since >= LONG_ABSENCE
        return is_long or self._was_silenced

    def start(self, since: datetime, now: datetime, sources: Iterable[SourceName]) -> None:
        """The program was off: what is still open may be told again after a long time."""
        self.was_off_for_long = now - since >= LONG_ABSENCE
        self.wake(since, now, sources)

    def fall_asleep(self, now: datetime) -> None:
        """Nothing that comes from here on is told before the computer has woken up.

        What lies in a socket when it does is read before anybody says that it slept.
        """
        self._is_asleep = True
        self.note(now)

    def wake(self, since: datetime, now: datetime, sources: Iterable[SourceName]) -> None:
        """The computer was asleep: every link may be dead without knowing it."""
        self._is_asleep = False
        self.note(since)
        self._began_at = self._active_at = now
        self._missing = set(sources)

    def reported(self, source: SourceName, now: datetime) -> None:
        """A source is heard again, or waiting for it is in vain."""
        self._missing.discard(source)
        self.active(now)

    def active(self, now: datetime) -> None:
        """More comes in."""
        if self._began_at is not None:
            self._active_at = now

    def keep(self, sources: Iterable[SourceName]) -> None:
        """The settings changed: wait for no source that is gone."""
        self._missing.intersection_update(sources)

    def ends_at(self) -> datetime | None:
        """When the catching up ends if nothing more comes; None when there is none."""
        if self._began_at is None or self._active_at is None or self._is_asleep:
            return None
        limit = self._began_at + LONGEST_CATCHING_UP
        return limit if self._missing else min(limit, self._active_at + CALM)

    def is_catching_up(self, now: datetime) -> bool:
        """False from the moment it ends."""
        if self._is_asleep:
            return True
        ends_at = self.ends_at()
        return ends_at is not None and now < ends_at

    def is_heard_anew(self, source: SourceName, now: datetime) -> bool:
        """Is what it says true now, and not what it had to say hours ago?"""
        return not (self._is_asleep or (self.is_catching_up(now) and source in self._missing))

    def is_just_over(self, now: datetime) -> bool:
        """The catching up has ended, and nothing has been made of it yet."""
        return self._began_at is not None and not self.is_catching_up(now)

    def caught_up(self) -> None:
        """The sources have caught up and nothing had to be told; what is held may still come."""
        self._began_at = self._active_at = None
        self._missing = set()
        self.was_off_for_long = False

    def close(self) -> None:
        """It has been told."""
        self.caught_up()
        self._since = None
        self._was_silenced = False
