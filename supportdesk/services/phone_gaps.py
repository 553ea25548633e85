"""Stretches in which a phone was not heard, this run's and those before it (F20).

Asterisk counts: it says itself since when it was not heard, also when the program was off
meanwhile. Linphone keeps a history: what was not heard is read later, and no gap is left. baresip
does neither: when it was heard last is remembered here, and the time until it is heard again is a
gap of which nobody knows who called.
"""

from collections.abc import Iterable
from datetime import datetime

from supportdesk.domain.events import PhoneSnapshotTaken
from supportdesk.domain.health import SourceName
from supportdesk.domain.settings import PhoneKind, PhoneSettings
from supportdesk.services.call_records import Gap, gap_of
from supportdesk.services.ports import DeskStore, PhoneMemory

KEPT = 500
_NO_PLACE = ""
"""Of a memory that is only about time: counters belong to a place, and no phone is at this one."""


class PhoneGaps:
    """The newest gaps of all phones."""

    def __init__(self, store: DeskStore) -> None:
        self._store = store
        self._gaps: list[Gap] = []
        self._forgetful: set[SourceName] = set()
        self._with_history: set[SourceName] = set()
        self._met: set[SourceName] = set()
        self._heard: set[SourceName] = set()

    def configure(self, phones: Iterable[PhoneSettings]) -> None:
        kinds = {one.name: one.kind for one in phones}
        self._forgetful = {name for name, kind in kinds.items() if kind is PhoneKind.BARESIP}
        self._with_history = {name for name, kind in kinds.items() if kind is PhoneKind.LINPHONE}
        self._heard &= self._forgetful

    def restore(self) -> None:
        """Take up those of the runs before."""
        self._gaps = self._store.newest_gaps(KEPT)

    def all(self) -> tuple[Gap, ...]:
        """In the order in which the phones were heard again."""
        return tuple(self._gaps)

    def heard_again(self, event: PhoneSnapshotTaken) -> None:
        """A phone says what is true of it: if it was not heard before, that was a gap."""
        since = event.deaf_since or self._last_heard(event)
        is_forgetful = event.phone in self._forgetful
        if since is not None and event.phone not in self._with_history:
            self._add(gap_of(event, since))
        self._met.add(event.phone)
        if is_forgetful:
            self._heard.add(event.phone)
            self._remember(event.phone, event.at)

    def deaf(self, phone: SourceName, at: datetime) -> None:
        """It is not heard from now on."""
        if phone in self._heard:
            self._heard.remove(phone)
            self._remember(phone, at)

    def awake(self, now: datetime) -> None:
        """We run, and hear what we hear: a run that dies has heard it until now."""
        for phone in self._heard:
            self._remember(phone, now)

    def slept(self, since: datetime, now: datetime) -> None:
        """A phone on this computer slept too, and its link does not show it."""
        for phone in sorted(self._heard):
            self._add(Gap(phone=phone, since=since, until=now, missed=None))

    def _last_heard(self, event: PhoneSnapshotTaken) -> datetime | None:
        """When the run before heard this phone last; None but for the first time in this run."""
        if event.phone in self._met or event.phone not in self._forgetful:
            return None
        memory = self._store.phone_memory(event.phone)
        if memory is None or memory.place != _NO_PLACE:
            return None
        # A clock that was set back makes no gap of a negative length.
        return min(memory.heard_at, event.at)

    def _remember(self, phone: SourceName, heard_at: datetime) -> None:
        self._store.save_phone_memory(
            PhoneMemory(phone=phone, place=_NO_PLACE, heard_at=heard_at, counts=())
        )

    def _add(self, gap: Gap) -> None:
        self._store.save_gap(gap)
        self._gaps = [*self._gaps[1 - KEPT :], gap]
