"""Turns what the founder has before their eyes into spans of the reading log.

The theory. A *subject* is one message kept open, or one reply being written; it has an allowance
of seconds that it may still earn. A *run* is the span in the making: counted seconds first,
dropped ones after them. Each call first brings the run up to that moment under the rule that
held until then, and only then changes what holds. Seconds are credited from beat to beat; when
attention is lost, nothing after the last beat is.

Beats are needed only while `wants_beats`: a message that is full, out of sight or a robot's
costs no wake-ups, because its dropped seconds are known from the moments that frame them.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass

from supportdesk.domain.reading import (
    GRANT_SECONDS,
    DropRule,
    Moment,
    Span,
    SpanKind,
    broken_by,
    dropped_between,
    span_id_at,
    visit_cap,
)
from supportdesk.services.reading_run import FullMark, Run, Subject, minutes_and_seconds

_OUT_OF_SIGHT = {
    DropRule.NOT_IN_FRONT: "window not in front",
    DropRule.LOCKED: "locked",
    DropRule.ASLEEP: "asleep",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadMessage:
    """What the clock must know of the message on show.

    Attributes:
        key: Its ledger key.
        words: Of the newly written text; 0 while the text is not here yet.
    """

    key: str
    label: str
    words: int = 0
    images: int = 0
    is_robot: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockState:
    """What the clock pill says, and the rule behind it; empty words when nothing is open."""

    is_counting: bool
    label: str
    why: str = ""
    rule: DropRule | None = None


def _new_entropy() -> int:
    return secrets.randbits(74)


class ReadingClock:
    """One clock for one person. Each call returns the spans to write: new ones, or grown ones.

    It has no timer and reads no clock; whoever calls brings the moment.
    """

    def __init__(self, entropy: Callable[[], int] = _new_entropy) -> None:
        self._entropy = entropy
        # Its spans follow one another in truth, also when a wall clock set back lays them over
        # one another: the union must know which they are.
        self._name = f"{entropy():x}"
        self._visit: Subject | None = None
        self._reply: Subject | None = None
        self._run: Run | None = None
        self._why_not: DropRule | None = DropRule.NOT_IN_FRONT
        self._full: dict[str, FullMark] = {}
        self._changes: list[Span] = []

    # --- what happens ----------------------------------------------------------------------

    def opened(self, message: ReadMessage, at: Moment) -> tuple[Span, ...]:
        """A message is on show; again for the same one when its text has come."""
        self._advance(at)
        cap = visit_cap(message.words, message.images)
        if self._visit is not None and self._visit.item == message.key:
            self._visit.recap(cap)
            self._visit.is_robot = message.is_robot
        else:
            self._leave_visit(at)
            self._visit = self._new_visit(message, cap, at)
        return self._settled(at)

    def closed(self, at: Moment) -> tuple[Span, ...]:
        """No message is on show."""
        self._advance(at)
        self._leave_visit(at)
        return self._settled(at)

    def attention(self, why_not: DropRule | None, at: Moment) -> tuple[Span, ...]:
        """The window came to the front of an unlocked session (None), or why it is not there."""
        if why_not is None or self._rule() is not None:
            self._advance(at)
            self._why_not = why_not
        elif self._reply is None:
            self._why_not = why_not
            self._advance(at)
        else:
            self._lose_sight_of_reply(why_not, at)
        return self._settled(at)

    def activity(self, at: Moment) -> tuple[Span, ...]:
        """A scroll or a selection in the message: past the cap it is worth 30 s more."""
        self._advance(at)
        visit = self._visit
        if visit is not None and visit.may_be_granted and self._why_not is None:
            visit.allowance_seconds = max(visit.allowance_seconds, GRANT_SECONDS)
        return self._settled(at)

    def typed(self, item: str, label: str, at: Moment) -> tuple[Span, ...]:
        """A keystroke in a reply. It counts where the keyboard is, whichever window that is."""
        self._advance(at)
        if self._reply is None or self._reply.item != item:
            self._end_run()
            self._reply = Subject(kind=SpanKind.REPLY, item=item, label=label, is_past_free=True)
        self._reply.allowance_seconds = GRANT_SECONDS
        return self._settled(at)

    def reply_closed(self, at: Moment) -> tuple[Span, ...]:
        """The reply was sent or put away."""
        self._advance(at)
        self._leave_reply()
        return self._settled(at)

    def beat(self, at: Moment) -> tuple[Span, ...]:
        """A second has passed."""
        self._advance(at)
        return self._settled(at)

    # --- what it says ----------------------------------------------------------------------

    @property
    def wants_beats(self) -> bool:
        """Something may be counted now: call `beat` once a second."""
        return self._subject() is not None and self._rule() is None

    def state(self) -> ClockState:
        subject = self._subject()
        if subject is None:
            return ClockState(is_counting=False, label="")
        rule = self._rule()
        if rule is None and subject.is_past_free:
            return ClockState(
                is_counting=True,
                label=f"counting {minutes_and_seconds(subject.earned_seconds)}",
                why=subject.limit,
            )
        return ClockState(
            is_counting=False, label=_label(rule, subject), why=_why(rule, subject), rule=rule
        )

    # --- which rule holds ------------------------------------------------------------------

    def _subject(self) -> "Subject | None":
        return self._reply or self._visit

    def _rule(self) -> DropRule | None:
        """Why the present second does not count; None when it does, or nothing is open."""
        if self._reply is not None or self._visit is None:
            return None
        if self._why_not is not None:
            return self._why_not
        if self._visit.is_robot:
            return DropRule.ROBOT
        return DropRule.CAPPED if self._visit.is_full else None

    # --- bringing the run up to a moment ---------------------------------------------------

    def _advance(self, at: Moment) -> None:
        run, subject = self._run, self._subject()
        if run is None or subject is None:
            return
        rule = self._rule()
        if rule is not None:
            self._drop(run, rule, at)
            return
        broken = broken_by(start=run.start, last=run.last, at=at)
        if broken is None:
            self._credit(run, subject, at)
        elif self._reply is None:
            self._drop(run, broken, at)
        else:
            self._leave_reply()

    def _drop(self, run: "Run", rule: DropRule, at: Moment) -> None:
        run.drop(rule, dropped_between(run.last, at))
        run.last = at
        if rule is DropRule.CAPPED and self._visit is not None:
            self._visit.full_at = at

    def _credit(self, run: "Run", subject: "Subject", at: Moment) -> None:
        seconds = max(0.0, at.seconds_since(run.last))
        earned = subject.earn(min(seconds, subject.allowance_seconds), run)
        run.last = at
        if not subject.is_full:
            return
        if subject is self._reply:
            self._leave_reply()
        else:
            run.drop(DropRule.CAPPED, seconds - earned)
            subject.full_at = at

    def _lose_sight_of_reply(self, why_not: DropRule, at: Moment) -> None:
        """A keystroke counts on behind another window, but not behind a lock or in sleep."""
        if why_not is DropRule.NOT_IN_FRONT:
            self._advance(at)
        else:
            self._leave_reply()
        self._why_not = why_not

    # --- beginning and ending --------------------------------------------------------------

    def _new_visit(self, message: ReadMessage, cap: float, at: Moment) -> "Subject":
        visit = Subject(
            kind=SpanKind.READ,
            item=message.key,
            label=message.label,
            cap_seconds=cap,
            allowance_seconds=cap,
            is_robot=message.is_robot,
        )
        full = self._full.get(message.key)
        if full is not None and full.holds(at):
            visit.earned_seconds = full.earned_seconds
            visit.allowance_seconds = 0.0
            visit.is_reopened = True
            visit.full_at = at
        return visit

    def _leave_visit(self, at: Moment) -> None:
        visit, self._visit = self._visit, None
        if visit is None:
            return
        if self._reply is None:
            self._end_run()
        self._full = {key: full for key, full in self._full.items() if full.holds(at)}
        if visit.full_at is not None:
            self._full[visit.item] = FullMark(at=visit.full_at, earned_seconds=visit.earned_seconds)

    def _leave_reply(self) -> None:
        if self._reply is not None:
            self._end_run()
            self._reply = None

    def _end_run(self) -> None:
        run, self._run = self._run, None
        if run is not None and run.is_worth_keeping:
            self._changes.append(run.as_span())

    def _settled(self, at: Moment) -> tuple[Span, ...]:
        """Begin the run that the present rule asks for; hand out what must be written."""
        subject, counts = self._subject(), self.wants_beats
        if counts and self._run is not None and self._run.dropped:
            self._end_run()
        if subject is not None and self._run is None:
            self._run = Run(
                span_id=span_id_at(at.now, self._entropy()),
                clock=self._name,
                subject=subject,
                start=at,
                last=at,
            )
        if self._run is not None and self._run.is_due(at, is_paused=not counts):
            self._changes.append(self._run.saved(at))
        changes, self._changes = tuple(self._changes), []
        return changes


def _label(rule: DropRule | None, subject: Subject) -> str:
    if rule is DropRule.CAPPED:
        return f"full for this mail, {minutes_and_seconds(subject.earned_seconds)}"
    if rule is DropRule.ROBOT:
        return "robot, not counted"
    if rule is None:
        return "first 3 s are free"
    return _OUT_OF_SIGHT.get(rule, f"{rule.value}")


def _why(rule: DropRule | None, subject: Subject) -> str:
    if rule is DropRule.CAPPED and subject.is_reopened:
        return "It was full less than a minute ago; opening it again earns nothing more."
    if rule is DropRule.CAPPED:
        return "A scroll or a selection counts 30 s more."
    if rule is DropRule.ROBOT:
        return "Mail sent by a machine earns nothing."
    if rule is None:
        return "They are given back once you stay with this mail."
    return "Only what is in front of you counts."
