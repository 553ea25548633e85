"""What each alert says. Title = who, or our own state; body = what, how long, in their words."""

import math
from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Final, assert_never

from supportdesk.domain.calls import Call, Member, MemberState, MissedReason, Outcome
from supportdesk.domain.health import Hearing, SourceHealth, SourceKind
from supportdesk.domain.hours import ToLocal
from supportdesk.domain.mail import Conversation, Mailer, MessageSummary
from supportdesk.domain.nudge import NudgeWeek
from supportdesk.domain.one_ring import Need, NeededCaller
from supportdesk.domain.promises import Promise
from supportdesk.services.call_records import MissedSince
from supportdesk.services.health_board import Outage, Recovery
from supportdesk.services.missed_calls import MissedPerson, is_only_counted
from supportdesk.services.wording import (
    NAMED,
    Words,
    clock,
    count,
    duration,
    fit,
    listed,
    name_and,
    ordinal,
    sentence,
    time_of_day,
    waited,
    words,
)

_SUBJECT_ROOM = 90
_NAME_ROOM = 40
_WEEK_DAYS = 7
# Sums of seconds are floats: 1800 s made of parts may be a hair short.
_EPSILON = 1e-6

PRESENTING = Words(title="supportdesk", body="Somebody is waiting for you.")
PRESENTING_HEALTH = Words(title="supportdesk", body="Something needs a look.")
PRESENTING_NUDGE = Words(title="supportdesk", body="There is mail to read.")


def without_text_words(account: str) -> str:
    """In place of what somebody wrote."""
    return f"Mail to {fit(account, _NAME_ROOM)}."


# --- mail --------------------------------------------------------------------------------


def mail_words(message: MessageSummary) -> Words:
    return words(_mailer(message.sender), _about(message.subject, message.preview))


def wait_words(conversation: Conversation, since: datetime, now: datetime) -> Words:
    return name_and(
        _mailer(conversation.customer),
        f" waits {duration(now - since)}",
        _about(conversation.subject, conversation.preview),
    )


def many_waits_words(
    conversations: Sequence[Conversation], since: datetime, now: datetime
) -> Words:
    """Given longest waiting first; `since` is of the first."""
    names = [_mailer(one.customer) for one in conversations[:NAMED]]
    return words(
        f"{count(len(conversations), 'person waits', 'people wait')} for an answer",
        f"{listed(names, len(conversations))}. The longest waits {duration(now - since)}.",
    )


def several_words(messages: Sequence[MessageSummary], *, is_recent: bool = True) -> Words:
    """Given oldest first; the people are named in the order in which they wrote."""
    people = {one.sender.email.casefold(): one.sender for one in messages}
    newest = messages[-1]
    if len(people) == 1:
        about = _about(newest.subject, newest.preview)
        return name_and(_mailer(newest.sender), f" wrote {len(messages)} times", about)
    # Cleaning a name costs: of thousands only those that are named are cleaned.
    named = [_mailer(one) for one in islice(people.values(), NAMED)]
    when = " just now" if is_recent else ""
    return words(f"{len(people)} people wrote{when}", f"{listed(named, len(people))}.")


def _about(subject: str, preview: str) -> str:
    about = sentence(fit(subject, _SUBJECT_ROOM)) or "No subject."
    first_words = preview.strip()
    return f"{about} “{first_words}”" if first_words else about


def _mailer(mailer: Mailer) -> str:
    return fit(mailer.label, _NAME_ROOM) or "Unknown sender"


# --- calls -------------------------------------------------------------------------------


def waiting_words(
    needed: NeededCaller,
    members: Sequence[Member],
    seconds: float,
    rings: int,
    *,
    founder: str = "",
    again: str = "",
) -> Words:
    """What is said of a caller who is the founder's.

    Args:
        needed: Who, and why.
        members: Of their phone system.
        seconds: How long they wait.
        rings: The same in rings.
        founder: The founder's own interface, should it be a member's too.
        again: As `again_words` says it.
    """
    ring_count = count(rings, "ring", "rings")
    again = f" {again}" if again else ""
    match needed.need:
        case Need.NOBODY_THERE:
            return name_and(
                needed.caller.label, " is ringing", f"Nobody is at the phones. {ring_count}.{again}"
            )
        case Need.ALL_BUSY:
            why = _all_on_calls(members, founder)
        case Need.OTHERS_FIRST:
            why = "Those free have earlier callers. This one is yours."
        case Need.NOT_KNOWN:
            why = "It is not known if anybody is free. This one may be yours."
        case _:
            assert_never(needed.need)
    body = f"{why} {ring_count}, {clock(seconds)}.{again}"
    return name_and(needed.caller.label, " is waiting", body)


def many_waiting_words(
    names: Sequence[str], number: int, longest_seconds: float, longest_rings: int
) -> Words:
    """What is said of several who wait at once, given longest waiting first."""
    longest = f"{clock(longest_seconds)}, {count(longest_rings, 'ring', 'rings')}"
    waits = "The longest waits" if number > 1 else "Waits"
    who = listed([fit(name, _NAME_ROOM) for name in names[:NAMED]], len(names))
    return words(
        f"{count(number, 'caller is', 'callers are')} waiting", f"{who}. {waits} {longest}."
    )


def _all_on_calls(members: Sequence[Member], founder: str) -> str:
    on_calls = [one.interface for one in members if one.state is MemberState.ON_A_CALL]
    if on_calls == [founder]:
        return "You are on a call and nobody else is at the phones."
    if len(on_calls) == 1:
        who = "The only one at the phones is on a call."
    elif len(on_calls) == 2:
        who = "Both are on calls."
    else:
        who = f"All {len(on_calls)} are on calls."
    return f"{who} This one is yours."


def again_words(tries: Sequence[datetime], now: datetime, to_local: ToLocal) -> str:
    """How often somebody has tried today, first to last; "" for the first time (F94)."""
    if len(tries) < 2:
        return ""
    return f"{ordinal(len(tries))} try today, first at {time_of_day(tries[0], now, to_local)}."


def missed_words(
    person: MissedPerson, now: datetime, to_local: ToLocal, *, again: str = ""
) -> Words:
    """`again` as `again_words` says it."""
    call = person.newest
    if is_only_counted(call):
        return _unseen_words(person, now, to_local)
    return words(f"Missed: {person.label}", f"{why_missed(call)} {again}".rstrip())


def many_missed_words(calls: Sequence[Call]) -> Words:
    """Given in the order in which they came."""
    names = list(dict.fromkeys(fit(call.label, _NAME_ROOM) for call in calls))
    return words(
        f"{count(len(calls), 'call was', 'calls were')} missed",
        f"{listed(names, len(names))}.",
    )


def _unseen_words(person: MissedPerson, now: datetime, to_local: ToLocal) -> Words:
    call = person.newest
    start = time_of_day(call.started_at, now, to_local)
    end = f"{to_local(call.waited_until):%H:%M}"
    number = len(person.calls)
    verb = "was" if number == 1 else "were"
    return words(
        f"{count(number, 'call', 'calls')} {verb} missed",
        f"While we were not listening, {start}–{end}. Who called is not known.",
    )


_WHY_MISSED: Final = {
    MissedReason.GAVE_UP: "Hung up{after}.",
    MissedReason.NOBODY_FREE: "Hung up{after}, nobody was free.",
    MissedReason.NOBODY_THERE: "Hung up{after}, nobody was at the phones.",
    MissedReason.TIMED_OUT: "The queue gave up on them{after}.",
    MissedReason.PHONE_OFFLINE: "The phone was offline.",
    MissedReason.BUSY: "The line was busy.",
    MissedReason.DECLINED: "You declined it{after}.",
    MissedReason.NOT_ANSWERED: "Nobody answered{after}.",
    MissedReason.AFTER_HOURS: "Called outside the opening hours, gone{after}.",
    MissedReason.UNSEEN: "It was missed while we were not listening.",
}


def why_missed(call: Call) -> str:
    """The reason as a sentence."""
    return _WHY_MISSED[call.reason or MissedReason.GAVE_UP].format(after=_after(call))


def _after(call: Call) -> str:
    """No wait, or one that is not known, is left out."""
    return f" after {waited(call.wait_seconds)}" if call.wait_seconds >= 1 else ""


def turn_words(
    call: Call, person: MissedPerson, now: datetime, to_local: ToLocal, *, again: str = ""
) -> Words:
    """A turn of a call, told also when no alert follows."""
    match call.outcome:
        case Outcome.WAITING:
            where = f"In the queue {call.queue}." if call.queue else "On the line."
            return name_and(call.label, " is ringing", where)
        case Outcome.ANSWERED | Outcome.TAKEN:
            by = call.by or "somebody"
            return words(call.label, f"Answered by {by}{_after(call)}.")
        case Outcome.MISSED | Outcome.CALLED_BACK:
            return missed_words(person, now, to_local, again=again)
        case Outcome.CALLED:
            return words(call.label, f"Called by {call.by or 'somebody'}.")
        case Outcome.UNKNOWN:
            return words(call.label, "How this call ended is not known.")
        case _:
            assert_never(call.outcome)


# --- what is lifted ----------------------------------------------------------------------


def lifted_mail_words(by: str, why: str, message: MessageSummary) -> Words:
    """`by` who lifts it, `why` in their own words."""
    body = f"{_mailer(message.sender)}: {_about(message.subject, message.preview)}"
    if why:
        about = sentence(fit(message.subject, _NAME_ROOM)) or "No subject."
        body = f"{_mailer(message.sender)}: {about} {_said(by, why)}"
    return name_and(_operator(by), " lifted this to you", body)


def lifted_call_words(by: str, why: str, call: Call, now: datetime) -> Words:
    """The same of somebody who is on the line."""
    since = clock((now - call.started_at).total_seconds())
    body = f"{fit(call.label, _NAME_ROOM)}, on the line {since}. {_said(by, why)}"
    return name_and(_operator(by), " asks for you on a call", body.rstrip())


def lifted_without_text() -> str:
    """In place of what the operator and the customer said."""
    return "Somebody of the team asks for you."


def _operator(by: str) -> str:
    return fit(by, _NAME_ROOM) or "The team"


def _said(by: str, why: str) -> str:
    said = why.strip().rstrip(".")
    return f"{_operator(by)}: “{said}”." if said else ""


# --- after absence -----------------------------------------------------------------------


def digest_title(away: timedelta) -> str:
    return f"While you were away ({duration(away)})"


def digest_body(missed: int, mails: int, oldest: timedelta | None) -> str:
    parts = []
    if missed:
        parts.append(count(missed, "missed call", "missed calls"))
    if mails:
        parts.append(count(mails, "mail", "mails"))
    if oldest is not None:
        parts.append(f"oldest waiting {duration(oldest)}")
    return f"{', '.join(parts)}."


# --- the weekly nudge --------------------------------------------------------------------


def nudge_words(
    unread: Sequence[MessageSummary],
    *,
    to_read: int,
    week: NudgeWeek,
    now: datetime,
    to_local: ToLocal,
) -> Words:
    """Given oldest first. `to_read` is how many minutes it takes."""
    people = {one.sender.email.casefold(): one.sender for one in unread}
    minutes = math.floor(week.counted_minutes + _EPSILON)
    when = "in 7 days" if week.is_rolling else "this week"
    body = (
        f"About {count(to_read, 'minute', 'minutes')} of reading."
        f" {minutes} of {week.goal_minutes:g} min {when}."
    )
    day, since = _day_words(to_local(unread[0].arrived_at).date(), to_local(now).date())
    if len(people) > 1:
        return words(f"{len(people)} people wrote {since}", body)
    how = f" wrote {day}" if len(unread) == 1 else f" wrote {len(unread)} times {since}"
    return name_and(_mailer(unread[0].sender), how, body)


def coffee_words(writers: Collection[str], callers: int) -> Words:
    """`writers` are addresses, `callers` those whom nobody has called back."""
    people = len(writers) + callers
    how = "wrote or called" if writers and callers else "wrote" if writers else "called"
    title = f"{count(people, 'person', 'people')} {how}, with your coffee"
    return words(title, "The morning scroll: all of it, oldest first, and an end.")


# --- promises ----------------------------------------------------------------------------


def promise_words(due: Sequence[Promise]) -> Words:
    """Given longest due first."""
    first = due[0]
    if len(due) == 1:
        who = fit(first.who or first.contact, _NAME_ROOM) or "Somebody"
        return words(f"Due now: a promise to {who}", f"“{fit(first.words, _SUBJECT_ROOM)}”")
    people = dict.fromkeys(fit(one.who or one.contact, _NAME_ROOM) for one in due)
    return words(f"{len(due)} promises are due", f"{listed([one for one in people if one])}.")


# --- days --------------------------------------------------------------------------------


def _day_words(day: date, today: date) -> tuple[str, str]:
    """On it and since it; a week ago it had the same weekday."""
    days = (today - day).days
    if days <= 0:
        return "today", "today"
    if days == 1:
        return "yesterday", "since yesterday"
    name = f"last {day:%A}" if days >= _WEEK_DAYS else f"{day:%A}"
    return (name if days >= _WEEK_DAYS else f"on {name}"), f"since {name}"


# --- health ------------------------------------------------------------------------------


def outage_words(
    outage: Outage, healths: Sequence[SourceHealth], now: datetime, to_local: ToLocal
) -> Words:
    health = outage.health
    if health.problem is None:
        body = f"{health.source} cannot be reached."
    else:
        body = sentence(health.problem.title)
        # What has never been heard is probably set up wrong: waiting alone would not mend it.
        if health.problem.is_for_founder or health.last_heard_at is None:
            body = f"{body} {sentence(health.problem.advice)}"
    title = f"Not listening since {time_of_day(outage.since, now, to_local)}"
    return words(title, f"{body} {_others(health, healths)}")


def degraded_words(health: SourceHealth) -> Words:
    """Heard, but not all of it: a right is missing."""
    if health.problem is None:
        return words(f"{health.source} is heard only in part", "")
    return words(health.problem.title, sentence(health.problem.advice))


def recovery_words(
    recovery: Recovery, mails: int, missed: MissedSince | None, now: datetime, to_local: ToLocal
) -> Words:
    """`missed` is None where no phone is watched."""
    start = time_of_day(recovery.since, now, to_local)
    end = time_of_day(recovery.until, now, to_local)
    is_mail = recovery.health.kind is SourceKind.MAIL
    who = "Mail was" if is_mail else "The phones were"
    meanwhile = []
    if is_mail:
        meanwhile.append(f"{count(mails, 'mail', 'mails') if mails else 'no mail'} came meanwhile")
    if missed is not None:
        meanwhile.append(_missed_words(missed))
    told = "; ".join(meanwhile)
    told = told[:1].upper() + told[1:]
    return words("Listening again", f"{who} deaf {start} to {end}. {sentence(told)}")


def _missed_words(missed: MissedSince) -> str:
    """Only what is known: queues count their own callers, and some phones count nobody."""
    if missed.count:
        more = ", perhaps more" if missed.may_be_more else ""
        return f"{count(missed.count, 'call was', 'calls were')} missed{more}"
    if missed.may_be_more:
        return "it is not known if anybody called"
    return "the queues missed nobody" if missed.gaps else "no call was missed"


def _others(health: SourceHealth, healths: Sequence[SourceHealth]) -> str:
    """What still works, so that the founder knows how much is lost."""
    others = [one for one in healths if one.source != health.source]
    fine = [one for one in others if one.hearing is Hearing.LISTENING]
    if not fine:
        return ""
    if len(fine) == len(others):
        kinds = {one.kind for one in fine}
        if kinds == {SourceKind.PHONE}:
            return "Phones are fine."
        if kinds == {SourceKind.MAIL}:
            return "Mail is fine."
    return f"{listed([str(one.source) for one in fine])} {'is' if len(fine) == 1 else 'are'} fine."
