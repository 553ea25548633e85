"""When alerts may come: pause, quiet hours, do-not-disturb, opening hours (F36, F63)."""

from datetime import datetime, time, timedelta

from supportdesk.domain.alerts import Reason
from supportdesk.domain.hours import EVERY_DAY, Timetable, ToLocal, instant_of
from supportdesk.domain.settings import AlertSettings, HoursRange

_MORNING = time(8, 0)


class Silence:
    """Knows the pause and the hours of the settings."""

    def __init__(self, settings: AlertSettings, to_local: ToLocal) -> None:
        self._to_local = to_local
        self._pause: tuple[datetime, datetime] | None = None
        self._desktop_quiet_since: datetime | None = None
        self._desktop_quiet_by = ""
        self.configure(settings)

    def configure(self, settings: AlertSettings) -> None:
        self._opening = Timetable(ranges=settings.opening_hours, to_local=self._to_local)
        quiet: tuple[HoursRange, ...] = ()
        if settings.quiet_hours is not None:
            start, end = settings.quiet_hours
            quiet = (HoursRange(weekdays=EVERY_DAY, opens=start, closes=end),)
        self._quiet = Timetable(ranges=quiet, to_local=self._to_local)

    def pause(self, until: datetime, now: datetime) -> None:
        self._pause = (now, until)

    def take_up(self, pause: tuple[datetime, datetime] | None) -> None:
        """The pause of the last run, from when until when."""
        self._pause = pause

    def resume(self) -> None:
        self._pause = None

    def desktop_is_quiet(self, by: str, now: datetime) -> None:
        """Do-not-disturb is on in this program of the desktop; empty: in none, as far as known."""
        if not by:
            self._desktop_quiet_since = None
        elif not self._desktop_quiet_by:
            self._desktop_quiet_since = now
        self._desktop_quiet_by = by

    @property
    def desktop_quiet_by(self) -> str:
        return self._desktop_quiet_by

    def tomorrow(self, now: datetime) -> datetime:
        day = self._to_local(now).date() + timedelta(days=1)
        return instant_of(day, _MORNING, self._to_local)

    def silent_since(self, now: datetime) -> datetime | None:
        """Since when alerts may not come; None while they may."""
        starts = [] if self._desktop_quiet_since is None else [self._desktop_quiet_since]
        if self.is_paused(now) and self._pause is not None:
            starts.append(self._pause[0])
        quiet = self._quiet.running_since(now)
        if quiet is not None:
            starts.append(quiet)
        return min(starts, default=None)

    def silent_until(self, now: datetime) -> datetime | None:
        """End of the pause or of the quiet hours; that of do-not-disturb nobody knows."""
        ends = []
        if self.is_paused(now) and self._pause is not None:
            ends.append(self._pause[1])
        if self._quiet.contains(now):
            ends.append(self._quiet.next_change(now) or now)
        return max(ends, default=None)

    def is_silent(self, now: datetime) -> bool:
        is_wanted = self.is_paused(now) or self._quiet.contains(now)
        return is_wanted or self._desktop_quiet_since is not None

    def why_silent(self, now: datetime) -> Reason:
        """What the founder said first comes first; asked while it is silent."""
        if self.is_paused(now):
            return Reason.PAUSED
        return Reason.QUIET_HOURS if self._quiet.contains(now) else Reason.DO_NOT_DISTURB

    def is_paused(self, now: datetime) -> bool:
        """By the founder's own word, whatever the hour."""
        return self._pause is not None and now < self._pause[1]

    def opens_at(self, now: datetime) -> datetime | None:
        """When the opening hours begin or end next."""
        return self._opening.next_change(now)

    def is_open(self, now: datetime) -> bool:
        """Inside the opening hours; without any it is always open."""
        return not self._opening.ranges or self._opening.contains(now)

    @property
    def working_weekdays(self) -> frozenset[int]:
        """Those that the opening hours name; Monday is 0."""
        return frozenset(day for hours in self._opening.ranges for day in hours.weekdays)

    def open_deadline(self, start: datetime, duration: timedelta) -> datetime | None:
        """When somebody has waited that long inside the opening hours; None if never."""
        if not self._opening.ranges:
            return start + duration
        return self._opening.after(start, duration)

    def next_change(self, now: datetime) -> datetime | None:
        moments = [self._quiet.next_change(now), self._opening.next_change(now)]
        if self.is_paused(now) and self._pause is not None:
            moments.append(self._pause[1])
        return min((moment for moment in moments if moment is not None), default=None)
