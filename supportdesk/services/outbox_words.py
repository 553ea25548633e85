"""What is said of messages that have not gone out: a row each, and the worst as a problem.

A message that only waits is said to be late after 15 minutes (F27); what needs the founder is said
at once. Nothing here ends by itself but by the message going out, or by the founder's choice.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from supportdesk.domain.answers import Draft
from supportdesk.domain.errors import Problem
from supportdesk.domain.hours import ToLocal
from supportdesk.domain.sending import UNSENT, Outgoing, SendState
from supportdesk.services.wording import count, fit, listed, time_of_day

LATE_AFTER = timedelta(minutes=15)
_NAME_ROOM = 32
_MARK = "$SD-sending-"

ENDED_WHILE_COUNTING = Problem(
    title="Not sent: supportdesk ended within the time to undo",
    advice="Send it now, or go on writing.",
    is_for_founder=True,
)
KEPT_AS_DRAFT = Problem(
    title="Not sent: the session ended within the time to undo",
    advice="Send it now, or go on writing.",
    is_for_founder=True,
)
COPIED_HERE = Problem(
    title="Not sent: this desk.db comes from another computer",
    advice="That computer may send it, or have sent it. Send it here only if it does not.",
    is_for_founder=True,
)
COPIED_POISED = Problem(
    title="It may have gone out from another computer",
    advice="This desk.db was copied while it was being sent. It is looked for in Sent.",
    is_for_founder=True,
)
CUT_OFF = Problem(
    title="supportdesk ended before the server had said that it took it",
    advice="It may have gone out. It is looked for in Sent.",
    is_for_founder=True,
)
NOT_LOOKED_AT = Problem(
    title="Inbox and Sent could not be looked at",
    advice="Nothing is sent before it is known that nobody has answered. It is tried again.",
)
TEXT_IS_GONE = Problem(
    title="Its text is no longer in desk.db",
    advice="Give it up, and write it again.",
    is_for_founder=True,
)


def no_such_account(account: str) -> Problem:
    """It waits for an account that has gone from the settings, or cannot send."""
    return Problem(
        title=f"{fit(account, _NAME_ROOM)} has no server to send through in the settings",
        advice="It is kept. Enter the server again, or copy the text and give it up.",
        is_for_founder=True,
    )


def somebody_answers(marks: Sequence[str]) -> Problem:
    """Another desk has its sending mark on the question."""
    who = listed([fit(_whose(mark), _NAME_ROOM) for mark in marks])
    return Problem(
        title=f"{who} is sending an answer to the same mail",
        advice="It waits until that has gone out, and then asks what to do with yours.",
    )


def _whose(mark: str) -> str:
    """A mark is `$SD-sending-NAME-INSTALLATION`; the name is the one in their settings."""
    name = mark.removeprefix(_MARK).rpartition("-")[0]
    return name or "Somebody"


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsent:
    """A message that the founder sent and the customer may not have.

    Attributes:
        to: The first who is to get it, and how many more.
        since: When it was sent.
        problem: Why it is still here, where that is known.
        needs_founder: Waiting will not send it.
        has_looked: A doubtful one was looked for, and not found.
        is_likely_unsent: And its server is known to file a copy of all that it sends.
        recipients: How many are to get it.
    """

    outgoing: Outgoing
    to: str
    subject: str
    since: datetime
    problem: Problem | None
    needs_founder: bool
    has_looked: bool = False
    is_likely_unsent: bool = False
    recipients: int = 1

    @property
    def state(self) -> SendState:
        return self.outgoing.state


def unsent_of(
    row: Outgoing, draft: Draft | None, problem: Problem | None, *, has_looked: bool
) -> Unsent | None:
    """None for one that has gone out, or that is only being written."""
    came_back = row.state is SendState.WRITING and row.problem is not None
    if row.state not in UNSENT and not came_back:
        return None
    asks = (SendState.WRITING, SendState.HELD, SendState.REFUSED)
    is_lost = row.state is SendState.DOUBTFUL and has_looked
    waits_in_vain = problem is not None and problem.is_for_founder
    is_waiting = row.state in (SendState.WAITING, SendState.FREEZING)
    return Unsent(
        outgoing=row,
        to=_to(draft),
        subject="" if draft is None else draft.subject,
        since=row.since,
        problem=problem,
        needs_founder=row.state in asks or is_lost or (is_waiting and waits_in_vain),
        has_looked=has_looked,
        recipients=0 if draft is None else len(draft.recipients),
    )


def _to(draft: Draft | None) -> str:
    names = [] if draft is None else [fit(one.label, _NAME_ROOM) for one in draft.recipients]
    return listed(names) if names else "somebody"


def trouble_of(unsent: Sequence[Unsent], now: datetime, to_local: ToLocal) -> Problem | None:
    """What the founder has to know, if anything: what asks for them, else what is late."""
    asking = [one for one in unsent if one.needs_founder]
    if asking:
        return _asking(asking)
    late = [one for one in unsent if now - one.since >= LATE_AFTER]
    if not late:
        return None
    oldest = min(late, key=lambda one: one.since)
    since = time_of_day(oldest.since, now, to_local)
    why = f"{oldest.problem.title}. " if oldest.problem is not None else ""
    return Problem(
        title=f"{_messages(late)} not sent since {since}",
        advice=f"{why}It is tried again and again; the outbox says more.",
    )


def late_at(unsent: Sequence[Unsent]) -> datetime | None:
    """When the first of those that wait will be late."""
    waiting = (one.since for one in unsent if not one.needs_founder)
    first = min(waiting, default=None)
    return None if first is None else first + LATE_AFTER


def _asking(asking: Sequence[Unsent]) -> Problem:
    first = asking[0]
    more = "" if len(asking) == 1 else f" {count(len(asking) - 1, 'more', 'more')} in the outbox."
    match first.state:
        case SendState.HELD:
            title = f"Your answer to {first.to} is held: something new came"
            advice = "Read it, and decide whether yours is sent."
        case SendState.REFUSED:
            title = f"Your message to {first.to} was refused"
            advice = _words(first.problem)
        case SendState.DOUBTFUL:
            title = f"Nobody knows whether {first.to} has your message"
            advice = "The server was lost before it said so. Decide in the outbox."
        case _:
            title = f"Your message to {first.to} is not sent"
            advice = _words(first.problem)
    return Problem(title=title, advice=advice + more, is_for_founder=True)


def _words(problem: Problem | None) -> str:
    return "The outbox says more." if problem is None else f"{problem.title}. {problem.advice}"


def _messages(late: Sequence[Unsent]) -> str:
    return f"1 message to {late[0].to}" if len(late) == 1 else f"{len(late)} messages"
