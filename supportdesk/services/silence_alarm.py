"""Is nobody writing, or do we not hear it? Watches how long it is quiet, and has it tested (F95).

It knows no clock, no server and no file. `step` says what is to be tested now; the tests are an
adapter's work, and what came of them is told back. In this order, the cheap before the dear:
- A silence of 45 minutes in a busy hour, or one that is long for its hour, is looked into: is our
  own link alive, has the server anything that we have not heard of, does what shows alerts
  answer? That leaves no trace, and nobody is told of it while all is well.
- One that is rarer still is tested by a mail to ourselves (`SilenceCheck.MAIL`), else the founder
  is asked: at most once a week, unless the question was right the last time.
A source that is known to be deaf is not tested: the founder has been told by then.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from supportdesk.domain.errors import Problem
from supportdesk.domain.health import SourceKind, SourceName
from supportdesk.domain.hours import ToLocal, instant_of
from supportdesk.domain.quiet import pace
from supportdesk.domain.settings import SilenceCheck
from supportdesk.domain.silence import (
    FAULTS,
    Ear,
    Finding,
    Found,
    Habit,
    Look,
    Test,
    Verdict,
    Wish,
)
from supportdesk.services import silence_words
from supportdesk.services.ports import DeskStore

LOOK_AFTER = timedelta(minutes=45)
MAIL_AFTER = timedelta(minutes=48)
BACK_WITHIN = timedelta(minutes=5)
"""So long a mail to ourselves may be on its way; some servers look through it first."""
SETTLED_AFTER = timedelta(minutes=2)
"""So long a source has to be heard before its silence means anything: it catches up first."""

_LOOK_WEIGHT = 2.5
_MAIL_WEIGHT = 5.0
_PHONE_WEIGHT = 8.5
_BUSY = 0.5
_BUSY_ENOUGH_FOR_A_MAIL = 2.0
_MOST_MAILS_A_DAY = 8
_DAYS_BETWEEN_QUESTIONS = 8
"""The day of the last one among them: more than a week lies between two moments."""
_ASKED = "silence/asked/"
_RIGHT = "silence/right/"
_TESTED_AGAIN = (Verdict.QUIET, Verdict.NOT_DELIVERED, Verdict.NOT_SENT)
_MENDED_BY_LOOK = (Verdict.DEAF, Verdict.UNREACHED)


@dataclass(slots=True)
class _Memory:
    """What is known of one source."""

    ear: Ear
    habit: Habit
    last_at: datetime | None = None
    day: date | None = None
    came: int = 0
    pace: float | None = None
    looked_at: datetime | None = None
    is_busy: bool = False
    is_clear: bool = False
    proven_at: datetime | None = None
    sent: tuple[str, datetime] | None = None
    back: str = ""
    finding: Finding | None = None


class SilenceAlarm:
    """One for the desk; each source has its own silence."""

    def __init__(self, store: DeskStore, to_local: ToLocal) -> None:
        """`store`: its ledger remembers on which days the founder was asked."""
        self._store = store
        self._to_local = to_local
        self._check = SilenceCheck.OFF
        self._days_off: frozenset[date] = frozenset()
        self._memories: dict[SourceName, _Memory] = {}
        self._mails: dict[date, int] = {}

    def configure(
        self, ears: Iterable[Ear], check: SilenceCheck, days_off: Iterable[date] = ()
    ) -> None:
        """What is known of sources that stay as they are is kept until it is switched off."""
        is_switched_off = check is SilenceCheck.OFF and self._check is not SilenceCheck.OFF
        self._check = check
        self._days_off = frozenset(days_off)
        known = self._memories
        self._memories = {}
        for ear in ears:
            before = known.get(ear.source)
            is_same = before is not None and before.ear == ear
            fresh = _Memory(ear=ear, habit=Habit())
            self._memories[ear.source] = before if before is not None and is_same else fresh
        if is_switched_off:
            for memory in self._memories.values():
                _wait_no_more(memory)
                memory.is_clear, memory.finding = False, None

    # --- what comes in ------------------------------------------------------------------

    def learned(self, source: SourceName, habit: Habit, now: datetime) -> None:
        """What is usual there, anew each day."""
        memory = self._memories.get(source)
        if memory is None:
            return
        memory.habit, memory.pace = habit, None
        if habit.newest is not None and (memory.last_at is None or memory.last_at < habit.newest):
            memory.last_at = habit.newest
        today = self._to_local(now).date()
        so_far = memory.came if memory.day == today else 0
        memory.day, memory.came = today, max(so_far, habit.today)

    def came(self, source: SourceName, at: datetime) -> None:
        """Something came: a mail of whomever, or a call. The silence is over."""
        memory = self._memories.get(source)
        if memory is None:
            return
        today = self._to_local(at).date()
        memory.came = memory.came + 1 if memory.day == today else 1
        memory.day = today
        if memory.last_at is None or memory.last_at < at:
            memory.last_at = at
        _wait_no_more(memory)
        memory.is_clear = False
        memory.finding = memory.pace = None

    # --- what to do ---------------------------------------------------------------------

    def step(self, now: datetime, heard_since: Mapping[SourceName, datetime]) -> list[Wish]:
        """What is to be tested now; what is asked of the founder is a finding.

        `heard_since`: since when each source has been heard without a break.
        """
        wishes = []
        for name, memory in self._memories.items():
            since = heard_since.get(name)
            _forget_old_link(memory, since)
            if since is not None and now >= since + SETTLED_AFTER and not memory.is_busy:
                test = self._test(memory, since, now)
                if test is not None:
                    memory.is_busy = True
                    message_id = memory.sent[0] if memory.sent is not None else ""
                    wishes.append(Wish(source=name, test=test, message_id=message_id))
        return wishes

    def next_due(
        self, now: datetime, heard_since: Mapping[SourceName, datetime]
    ) -> datetime | None:
        """When time alone makes something to do; None: only when something happens."""
        moments = []
        for name, memory in self._memories.items():
            since = heard_since.get(name)
            if since is not None and not memory.is_busy:
                dues = [due for due in self._dues(memory, since) if due is not None]
                moments += [max(due, since + SETTLED_AFTER) for due in dues]
        return min((one for one in moments if one > now), default=None)

    def mail_asked(self, source: SourceName, now: datetime) -> list[Wish]:
        """The founder wants to know, now."""
        memory = self._memories.get(source)
        if memory is None or not memory.ear.can_send or memory.is_busy or memory.sent is not None:
            return []
        memory.is_busy, memory.proven_at = True, now
        return [Wish(source=source, test=Test.MAIL)]

    def _test(self, memory: _Memory, since: datetime, now: datetime) -> Test | None:
        back_due, look_due, test_due = self._dues(memory, since)
        if back_due is not None:
            return Test.SEARCH if now >= back_due else None
        if look_due is not None and now >= look_due:
            memory.looked_at = now
            return Test.LOOK
        if test_due is None or now < test_due:
            return None
        memory.proven_at = now
        if self._sends(memory.ear):
            return self._mail_today(now)
        self._ask(memory, now)
        return None

    def _mail_today(self, now: datetime) -> Test | None:
        today = self._to_local(now).date()
        so_far = self._mails.get(today, 0)
        self._mails = {today: so_far + 1}
        return Test.MAIL if so_far < _MOST_MAILS_A_DAY else None

    def _ask(self, memory: _Memory, now: datetime) -> None:
        today = self._to_local(now).date()
        days = [today - timedelta(days=back) for back in range(_DAYS_BETWEEN_QUESTIONS)]
        asked = [day for day in days if self._store.told([f"{_ASKED}{day}"])]
        if all(self._store.told([f"{_RIGHT}{day}"]) for day in asked):
            self._store.tell([f"{_ASKED}{today}"], now)
            self._find(memory, silence_words.question(memory.ear, _quiet_for(memory, now)), now)

    def _sends(self, ear: Ear) -> bool:
        return ear.can_send and self._check is SilenceCheck.MAIL

    # --- when ---------------------------------------------------------------------------

    def _dues(
        self, memory: _Memory, since: datetime
    ) -> tuple[datetime | None, datetime | None, datetime | None]:
        """When a mail of ours should be back, and when to look and to test."""
        if memory.sent is not None:
            return memory.sent[1] + BACK_WITHIN, None, None
        return None, self._look_due(memory, since), self._test_due(memory, since)

    def _look_due(self, memory: _Memory, since: datetime) -> datetime | None:
        base = self._quiet_since(memory, since, memory.looked_at)
        if base is None:
            return None
        return self._soonest(memory, base, _LOOK_WEIGHT, LOOK_AFTER, _BUSY)

    def _test_due(self, memory: _Memory, since: datetime) -> datetime | None:
        """Only after a look that found nothing; the founder is asked once of one silence."""
        base = self._quiet_since(memory, since, memory.proven_at)
        finding = memory.finding
        is_told = finding is not None and finding.found.verdict not in _TESTED_AGAIN
        if base is None or not memory.is_clear or is_told:
            return None
        if self._sends(memory.ear):
            return self._soonest(memory, base, _MAIL_WEIGHT, MAIL_AFTER, _BUSY_ENOUGH_FOR_A_MAIL)
        weight = memory.habit.question_weight
        if memory.ear.kind is SourceKind.PHONE:
            # Nothing but a call tells, so it has to be rarer still.
            weight = max(weight, _PHONE_WEIGHT)
        return self._reached(memory, base, weight)

    def _soonest(
        self, memory: _Memory, base: datetime, weight: float, after: timedelta, busy: float
    ) -> datetime | None:
        """When the silence weighs so much, or has lasted so long in an hour that is busy."""
        busy_at = memory.habit.traffic.busy_at(base + after, busy, self._to_local, self._days_off)
        moments = (self._reached(memory, base, weight), busy_at)
        return min((one for one in moments if one is not None), default=None)

    def _quiet_since(
        self, memory: _Memory, since: datetime, tested_at: datetime | None
    ) -> datetime | None:
        """Since something came, or since it was tested; None where no silence means anything.

        Mail has the date at which it came to the server, also while we did not listen. Calls of
        such a time are not known.
        """
        is_on = self._check is not SilenceCheck.OFF and memory.habit.traffic.is_known
        if not is_on or memory.last_at is None:
            return None
        heard = since if memory.ear.kind is SourceKind.PHONE else None
        return max(one for one in (memory.last_at, tested_at, heard) if one is not None)

    def _reached(self, memory: _Memory, base: datetime, weight: float) -> datetime | None:
        if memory.pace is None:
            memory.pace = self._pace(memory)
        wanted = weight / memory.pace
        return memory.habit.traffic.reached_at(base, wanted, self._to_local, self._days_off)

    def _pace(self, memory: _Memory) -> float:
        """How busy the day was until it became quiet."""
        last_at, day = memory.last_at, memory.day
        if last_at is None or day is None or day != self._to_local(last_at).date():
            return 1.0
        midnight = instant_of(day, time(), self._to_local)
        return pace(memory.came, memory.habit.traffic.between(midnight, last_at, self._to_local))

    # --- what came of it ----------------------------------------------------------------

    def looked(self, source: SourceName, look: Look, now: datetime) -> None:
        memory = self._memories.get(source)
        if memory is None:
            return
        memory.is_busy = False
        # Else it was switched off while it was looked.
        if self._check is not SilenceCheck.OFF:
            self._made_of(memory, look, now)

    def _made_of(self, memory: _Memory, look: Look, now: datetime) -> None:
        found = silence_words.of_look(memory.ear, look, _quiet_for(memory, now))
        if found is not None:
            self._find(memory, found, now)
            return
        memory.is_clear = True
        if memory.finding is not None and memory.finding.found.verdict in _MENDED_BY_LOOK:
            memory.finding = None

    def mail_sent(self, source: SourceName, message_id: str, now: datetime) -> None:
        """The server for sending has taken it."""
        memory = self._memories.get(source)
        # It may be back before the server has said so.
        if memory is not None and memory.back != message_id:
            memory.is_busy = False
            memory.sent = (message_id, now)

    def mail_not_sent(
        self, source: SourceName, message_id: str, problem: Problem, now: datetime
    ) -> None:
        """By that nothing is known but that this test cannot be made."""
        memory = self._memories.get(source)
        if memory is not None and memory.back != message_id:
            memory.is_busy = False
            self._find(memory, silence_words.not_sent(memory.ear, problem), now)

    def mail_back(
        self, source: SourceName, message_id: str, arrived_at: datetime, now: datetime
    ) -> None:
        """We have heard of our own mail as of any other: all of the way is open.

        One that nobody waits for says so only while it is new: an old one may be heard of again.
        """
        memory = self._memories.get(source)
        if memory is None:
            return
        is_waited_for = _is_awaited(memory, message_id)
        if not is_waited_for and now - arrived_at > BACK_WITHIN:
            return
        sent_at = memory.sent[1] if memory.sent is not None and is_waited_for else None
        memory.sent, memory.is_busy, memory.proven_at = None, False, now
        memory.back = message_id
        took = None if sent_at is None else now - sent_at
        self._find(memory, silence_words.proven(memory.ear, took), now)

    def searched(
        self, source: SourceName, message_id: str, now: datetime, *, is_there: bool
    ) -> None:
        """It was looked for on the server, since we had not heard of it."""
        memory = self._memories.get(source)
        if memory is not None and _is_awaited(memory, message_id):
            memory.sent, memory.is_busy, memory.proven_at = None, False, now
            self._find(memory, silence_words.not_back(memory.ear, is_there=is_there), now)

    def not_searched(
        self, source: SourceName, message_id: str, problem: Problem, now: datetime
    ) -> None:
        """The mailbox could not be looked into for it."""
        memory = self._memories.get(source)
        if memory is not None and _is_awaited(memory, message_id):
            _wait_no_more(memory)
            self._find(memory, silence_words.not_searched(memory.ear, problem), now)

    def _find(self, memory: _Memory, found: Found, now: datetime) -> None:
        before = memory.finding
        memory.finding = Finding(at=now, found=found)
        was_asked = before is not None and before.found.verdict is Verdict.ASKED
        if before is not None and was_asked and found.verdict in FAULTS:
            self._store.tell([f"{_RIGHT}{self._to_local(before.at).date()}"], now)

    # --- what is known ------------------------------------------------------------------

    def findings(self) -> dict[SourceName, Finding]:
        """Of each source whose silence was tested, what is known of it."""
        known = self._memories.items()
        return {name: memory.finding for name, memory in known if memory.finding is not None}

    def awaited(self) -> set[SourceName]:
        """Whose mail to itself is on its way."""
        return {name for name, memory in self._memories.items() if memory.sent is not None}

    def quiet_since(self) -> dict[SourceName, datetime]:
        """When something came last, of those of which it is known what is usual."""
        return {
            name: memory.last_at
            for name, memory in self._memories.items()
            if memory.last_at is not None and memory.habit.traffic.is_known
        }


def _is_awaited(memory: _Memory, message_id: str) -> bool:
    return memory.sent is not None and memory.sent[0] == message_id


def _forget_old_link(memory: _Memory, since: datetime | None) -> None:
    """A source that is heard again is heard over another link than the one that was found dead."""
    finding = memory.finding
    if finding is None or finding.found.verdict not in _MENDED_BY_LOOK:
        return
    if since is not None and since > finding.at:
        memory.finding = None


def _wait_no_more(memory: _Memory) -> None:
    """For a mail of ours; where it was being searched for, nothing is made of what that finds.

    Only that search can be under way while a mail is awaited: a look, or a mail that is being
    sent, still has to tell what came of it.
    """
    if memory.sent is not None:
        memory.sent, memory.is_busy = None, False


def _quiet_for(memory: _Memory, now: datetime) -> timedelta:
    return now - (memory.last_at or now)
