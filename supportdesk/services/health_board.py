"""Whether each source is heard, and what the founder is told about it (F1, F2).

An episode begins when a source ceases to be heard and ends when it listens again; trying to
connect is part of it. An alert is due at once when waiting cannot mend it or the source was never
heard in this run, else after a minute. After a shown episode one more alert says what came
meanwhile, a few seconds later, when the catching up has told. The last trouble of a source is
kept after it is over, for whoever asks later what went wrong.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from supportdesk.domain.health import Hearing, PastTrouble, SourceHealth, SourceKind, SourceName

PATIENCE = timedelta(seconds=60)
CATCHING_UP = timedelta(seconds=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outage:
    """A source that is not heard, or is heard only in part, and the founder should know."""

    health: SourceHealth
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovery:
    """A shown outage is over."""

    health: SourceHealth
    since: datetime
    until: datetime


@dataclass(slots=True)
class _Source:
    health: SourceHealth
    has_listened: bool = False
    has_failed: bool = False
    deaf_since: datetime | None = None
    was_shown: bool = False
    recovery: Recovery | None = None
    trouble: PastTrouble | None = None


class HealthBoard:
    """The sources of the settings, in their order."""

    def __init__(self) -> None:
        self._sources: dict[SourceName, _Source] = {}

    def configure(self, sources: Iterable[tuple[SourceName, SourceKind]], now: datetime) -> None:
        """Watch these sources, keeping what is known of those that stay."""
        known = self._sources
        self._sources = {
            name: known.get(name) or _Source(health=_connecting(name, kind, now))
            for name, kind in sources
        }

    def changed(self, health: SourceHealth, now: datetime) -> None:
        source = self._sources[health.source]
        source.has_failed |= health.hearing is Hearing.DEAF
        if health.hearing is Hearing.LISTENING:
            self._listens(source, now)
        elif source.deaf_since is None and _begins_episode(source, health):
            source.deaf_since = health.since
            source.recovery = None
        told = self._told(source, health)
        source.trouble = _trouble_after(source.trouble, told, now)
        source.health = replace(told, last_trouble=source.trouble)

    def take_up(self, troubles: Mapping[SourceName, PastTrouble]) -> None:
        """What the last run knew; of a trouble that lasted the source itself says if it is over."""
        for name, trouble in troubles.items():
            source = self._sources.get(name)
            if source is not None:
                source.trouble = trouble
                source.health = replace(source.health, last_trouble=trouble)

    def heard(self, name: SourceName, at: datetime) -> None:
        source = self._sources[name]
        source.health = replace(source.health, last_heard_at=at)

    def healths(self) -> tuple[SourceHealth, ...]:
        return tuple(source.health for source in self._sources.values())

    def health(self, name: SourceName) -> SourceHealth | None:
        source = self._sources.get(name)
        return None if source is None else source.health

    def last_trouble(self, name: SourceName) -> PastTrouble | None:
        return self._sources[name].trouble

    def is_deaf(self) -> bool:
        return any(source.deaf_since is not None for source in self._sources.values())

    def outages(self, now: datetime) -> list[Outage]:
        """Those that are due to be told, in the order of the settings."""
        found = []
        for source in self._sources.values():
            since = source.deaf_since
            if source.health.hearing is Hearing.CONNECTING:
                continue
            if since is not None and _due_at(source, since) <= now:
                found.append(Outage(health=source.health, since=since))
            elif since is None and _is_degraded(source.health):
                found.append(Outage(health=source.health, since=source.health.since))
        return found

    def is_watched(self, name: SourceName) -> bool:
        return name in self._sources

    def has_reported(self, name: SourceName) -> bool:
        """False while a source of the settings has said nothing of itself in this run."""
        return self._sources[name].health.hearing is not Hearing.CONNECTING

    def has_failed(self, name: SourceName) -> bool:
        """It was tried in this run, and not heard."""
        source = self._sources.get(name)
        return source is not None and source.has_failed

    def shown(self, name: SourceName) -> None:
        """The founder has been told of this outage: its end is worth telling too."""
        source = self._sources[name]
        source.was_shown = source.deaf_since is not None

    def adopt(self, name: SourceName, since: datetime) -> None:
        """The last run had told of this outage, and nothing was heard since."""
        source = self._sources.get(name)
        if source is not None:
            source.deaf_since = since
            source.was_shown = True

    def recoveries(self, now: datetime) -> list[Recovery]:
        """Ends of shown outages that are due to be told; each is returned once."""
        found = []
        for source in self._sources.values():
            if source.recovery is not None and source.recovery.until + CATCHING_UP <= now:
                found.append(source.recovery)
                source.recovery = None
        return found

    def next_due(self, now: datetime) -> datetime | None:
        moments = []
        for source in self._sources.values():
            if source.deaf_since is not None:
                moments.append(_due_at(source, source.deaf_since))
            if source.recovery is not None:
                moments.append(source.recovery.until + CATCHING_UP)
        return min((moment for moment in moments if moment > now), default=None)

    def _listens(self, source: _Source, now: datetime) -> None:
        source.has_listened = True
        if source.deaf_since is not None and source.was_shown:
            source.recovery = Recovery(health=source.health, since=source.deaf_since, until=now)
        source.deaf_since = None
        source.was_shown = False

    def _told(self, source: _Source, health: SourceHealth) -> SourceHealth:
        """Within an episode `since` is its beginning, and trying again is no news of hearing."""
        last_heard_at = health.last_heard_at or source.health.last_heard_at
        if source.deaf_since is None:
            return replace(health, last_heard_at=last_heard_at)
        return replace(
            health,
            hearing=Hearing.DEAF,
            since=source.deaf_since,
            last_heard_at=last_heard_at,
            problem=health.problem or source.health.problem,
        )


def _connecting(name: SourceName, kind: SourceKind, now: datetime) -> SourceHealth:
    return SourceHealth(source=name, kind=kind, hearing=Hearing.CONNECTING, since=now)


def _begins_episode(source: _Source, health: SourceHealth) -> bool:
    """The first connecting of a run is not deafness yet."""
    return health.hearing is Hearing.DEAF or source.has_listened


def _due_at(source: _Source, since: datetime) -> datetime:
    problem = source.health.problem
    is_urgent = problem is not None and problem.is_for_founder
    return since if is_urgent or not source.has_listened else since + PATIENCE


def _is_degraded(health: SourceHealth) -> bool:
    return health.problem is not None and health.problem.is_for_founder


def _trouble_after(
    before: PastTrouble | None, health: SourceHealth, now: datetime
) -> PastTrouble | None:
    """Another problem takes the place of the one before; none ends it."""
    lasts = before is not None and before.until is None
    if health.problem is None:
        # Trying again is no end of it.
        is_over = lasts and health.hearing is Hearing.LISTENING
        return replace(before, until=now) if before is not None and is_over else before
    if before is not None and lasts and before.problem == health.problem:
        return before
    # What is heard only in part began now, whenever the hearing did.
    since = now if health.hearing is Hearing.LISTENING else health.since
    return PastTrouble(problem=health.problem, since=since)
