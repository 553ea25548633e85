"""The live strip and the rail: two views of one state, so their numbers agree."""

from dataclasses import dataclass, replace
from datetime import datetime

from supportdesk.domain.errors import Problem
from supportdesk.domain.health import Hearing, SourceHealth, SourceKind
from supportdesk.domain.settings import WeekPeriod
from supportdesk.services.desk_state import DeskState, TrayState, WaitingCaller
from supportdesk.services.reading_log import ReadingLog
from supportdesk.services.wording import count
from supportdesk.ui import rows
from supportdesk.ui.presenter.words import (
    clock_seconds,
    segment,
    since_words,
    whole_minutes,
)
from supportdesk.ui.rows import Action, ActionButton, ButtonRank, StripKind, StripView, Tone

_KINDS = {
    TrayState.LISTENING: StripKind.QUIET,
    TrayState.WAITING: StripKind.QUIET,
    TrayState.YOURS: StripKind.YOURS,
    TrayState.PAUSED: StripKind.PAUSED,
    TrayState.DEAF: StripKind.DEAF,
}

ALL_QUIET = "All quiet"
PICK_UP = "Pick it up on your phone"
"""What is left where the phone system cannot hand a caller over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekSoFar:
    """Minutes with customers in the present week, against the goal."""

    minutes: float
    goal_minutes: float
    period: WeekPeriod = WeekPeriod.WEEK

    @property
    def label(self) -> str:
        """For the strip."""
        when = "this week" if self.period is WeekPeriod.WEEK else "in 7 days"
        return f"{self._figure} {when}"

    @property
    def line(self) -> str:
        """For the menu of the tray."""
        when = "This week" if self.period is WeekPeriod.WEEK else "Last 7 days"
        return f"{when}: {self._figure}"

    @property
    def _figure(self) -> str:
        return f"{whole_minutes(self.minutes)} of {self.goal_minutes:g} min"


def week_so_far(log: ReadingLog, now: datetime) -> WeekSoFar:
    week = log.week(log.week_at(now))
    return WeekSoFar(
        minutes=week.counted_minutes, goal_minutes=week.goal_minutes, period=log.period
    )


def strip_view(state: DeskState, week: WeekSoFar, now: datetime) -> StripView:
    kind = _KINDS[state.tray]
    if kind is StripKind.QUIET and state.callers:
        kind = StripKind.WAITING
    elif kind is StripKind.QUIET and state.lifted:
        kind = StripKind.LIFTED
    progress = None
    if kind in (StripKind.QUIET, StripKind.LIFTED, StripKind.PAUSED):
        progress = rows.ProgressView(
            minutes=week.minutes, goal_minutes=week.goal_minutes, label=week.label
        )
    return StripView(
        kind=kind,
        segments=_segments(kind, state, now),
        buttons=_buttons(kind, state),
        progress=progress,
        ticks=bool(state.callers),
    )


def _segments(kind: StripKind, state: DeskState, now: datetime) -> tuple[rows.StripSegment, ...]:
    match kind:
        case StripKind.DEAF:
            return deaf_segments(state, now)
        case StripKind.YOURS | StripKind.WAITING:
            return _caller_segments(state, is_yours=kind is StripKind.YOURS)
        case StripKind.PAUSED:
            return (
                segment(paused_words(state, now), Tone.STRONG),
                *_figures(state),
            )
        case StripKind.QUIET | StripKind.LIFTED:
            return _quiet_segments(state, now)


def paused_words(state: DeskState, now: datetime) -> str:
    """What holds alerts back, and until when if that is known."""
    if state.paused_until is not None:
        return f"Alerts paused until {since_words(state.paused_until, now)}"
    return f"Alerts wait: do-not-disturb is on in {state.quiet_by}"


def _quiet_segments(state: DeskState, now: datetime) -> tuple[rows.StripSegment, ...]:
    parts = calm_segments(state)
    checked = mail_checked_words(state, now)
    if checked:
        parts.append(segment(checked, Tone.MUTED))
    return tuple(parts)


def mail_checked_words(state: DeskState, now: datetime) -> str:
    """By the clock: nothing draws a quiet strip anew, and "12 s ago" is wrong a second later."""
    if connecting(state) or not any(one.kind is SourceKind.MAIL for one in state.healths):
        return ""
    checked = checked_at(state)
    return f"mail checked at {since_words(checked, now)}" if checked else "mail not checked yet"


def checked_at(state: DeskState) -> datetime | None:
    """When a mailbox was last known to be heard."""
    mail = (one for one in state.healths if one.kind is SourceKind.MAIL)
    return max((one.last_heard_at for one in mail if one.last_heard_at), default=None)


def calm_segments(state: DeskState) -> list[rows.StripSegment]:
    """What is true of a quiet desk for longer than a moment."""
    opening = connecting(state)
    if opening:
        return [
            segment(f"Connecting to {', '.join(opening)}", Tone.STRONG),
            *_lifted_segments(state),
            *_people_segments(state),
        ]
    figures = _figures(state)
    if state.healths and state.lifted:
        return figures
    head = ALL_QUIET if state.healths else "Nothing is connected yet"
    return [segment(head, Tone.STRONG), *figures]


def connecting(state: DeskState) -> list[str]:
    """Sources that are not heard yet, by name."""
    return [str(h.source) for h in state.healths if h.hearing is Hearing.CONNECTING]


def _caller_segments(state: DeskState, *, is_yours: bool) -> tuple[rows.StripSegment, ...]:
    longest = max(caller.seconds for caller in state.callers)
    parts = [
        segment(
            f"{count(len(state.callers), 'caller', 'callers')} waiting",
            Tone.STRONG,
            opens=Action.SHOW_CALLS,
        ),
        segment(f"longest {clock_seconds(longest)}", opens=Action.SHOW_CALLS),
    ]
    team = team_words(state)
    if team:
        parts.append(segment(team, opens=Action.SHOW_CALLS))
    if is_yours:
        yours = _first_of_yours(state)
        sure = "is" if yours.is_surely_yours else "may be"
        how = "" if yours.can_take else f" {PICK_UP}."
        parts.append(segment(f"This one {sure} yours.{how}", Tone.AMBER))
    return tuple(parts)


def _first_of_yours(state: DeskState) -> WaitingCaller:
    """Of several the longest waiting that nobody else can answer."""
    yours = [one for one in state.callers if one.is_yours]
    return next((one for one in yours if one.is_surely_yours), yours[0])


def deaf_segments(state: DeskState, now: datetime) -> tuple[rows.StripSegment, ...]:
    """Since when what is not heard, and why."""
    since = since_words(state.deaf_since or now, now)
    deaf = [h for h in state.healths if h.hearing is Hearing.DEAF]
    parts = [segment(f"Not listening since {since}", Tone.BRICK)]
    parts += [segment(f"{_kind_word(h)}: {_why(h)}") for h in deaf]
    for kind, words in ((SourceKind.MAIL, "mail is fine"), (SourceKind.PHONE, "phones are fine")):
        of_kind = [h for h in state.healths if h.kind is kind]
        if of_kind and all(h.hearing is Hearing.LISTENING for h in of_kind):
            parts.append(segment(words))
    return tuple(parts)


def _why(health: SourceHealth) -> str:
    return health.problem.title if health.problem else str(health.source)


def _kind_word(health: SourceHealth) -> str:
    return "mail" if health.kind is SourceKind.MAIL else "phones"


def _figures(state: DeskState) -> list[rows.StripSegment]:
    """Each opens the list that it counts."""
    parts = _lifted_segments(state)
    kinds = {health.kind for health in state.healths}
    if SourceKind.PHONE in kinds:
        parts.append(_callers_segment(state))
    if state.to_call_back:
        words = f"{count(state.to_call_back, 'person', 'people')} to call back"
        parts.append(segment(words, opens=Action.SHOW_CALLS, target=rows.CallsTab.OPEN.value))
    if SourceKind.MAIL in kinds:
        parts += _people_segments(state)
    return [*parts, *_promise_segments(state)]


def _lifted_segments(state: DeskState) -> list[rows.StripSegment]:
    """A colleague asks for the founder: that is not quiet."""
    calls = sum(one.way.is_call for one in state.lifted)
    found = []
    for lifted, one, many, opens in (
        (calls, "call", "calls", Action.SHOW_CALLS),
        (len(state.lifted) - calls, "mail", "mails", Action.SHOW_INBOX),
    ):
        if lifted:
            words = f"{count(lifted, one, many)} lifted to you"
            found.append(segment(words, Tone.AMBER, opens=opens))
    return found


def _callers_segment(state: DeskState) -> rows.StripSegment:
    if state.waiting is None:
        return segment("phones unknown")
    if not state.waiting:
        return segment("no callers")
    return segment(count(state.waiting, "caller", "callers"), opens=Action.SHOW_CALLS)


def _people_segments(state: DeskState) -> list[rows.StripSegment]:
    if not state.people_waiting:
        return [segment("nobody waits for a reply")]
    words = f"{count(state.people_waiting, 'person', 'people')} waiting for a reply"
    return [segment(words, opens=Action.SHOW_INBOX)]


def _promise_segments(state: DeskState) -> list[rows.StripSegment]:
    """To people who do not wait otherwise; noted of mails or of calls, these are in two lists."""
    found = []
    of_mail = sum(one.item.startswith("mail/") for one in state.promised_due)
    for due, opens in (
        (of_mail, Action.SHOW_INBOX),
        (len(state.promised_due) - of_mail, Action.SHOW_CALLS),
    ):
        if due:
            words = f"{count(due, 'promise', 'promises')} due"
            tab = rows.CallsTab.OPEN.value if opens is Action.SHOW_CALLS else ""
            words += " by phone" if tab else ""
            found.append(segment(words, Tone.AMBER, opens=opens, target=tab))
    return found


def team_words(state: DeskState) -> str:
    """How busy the team is: "3 of 3 busy", "2 of 3 free"; never a number that is not known.

    Nothing where no phone could tell: that is no trouble, and the Calls page says it.
    """
    if not state.sees_team:
        return ""
    team = state.team
    if team is None:
        return "the team's state is not known"
    if not team.there:
        return "nobody at the phones" if not team.unknown else "the team's state is not known"
    if team.free is None:
        return "the team's state is not known"
    if team.free:
        return f"{team.free} of {team.there} free"
    return f"{team.on_calls} of {team.there} busy"


def _buttons(kind: StripKind, state: DeskState) -> tuple[ActionButton, ...]:
    if kind is StripKind.YOURS:
        return _take(_first_of_yours(state))
    if kind is StripKind.DEAF:
        return (
            ActionButton(action=Action.WHY_DEAF, label="Why?", icon="pulse", rank=ButtonRank.GHOST),
            ActionButton(action=Action.TRY_AGAIN, label="Try again now", icon="refresh"),
        )
    if kind is StripKind.PAUSED and state.paused_until is not None:
        return (ActionButton(action=Action.RESUME_ALERTS, label="Resume", icon="play"),)
    return ()


def _take(yours: WaitingCaller) -> tuple[ActionButton, ...]:
    """Take the call; where the phone cannot hand it over, have the number at hand."""
    button = ActionButton(
        action=Action.TAKE_CALL,
        label="Take call",
        target=yours.caller.key,
        icon="phone-in",
        shortcut="t",
        rank=ButtonRank.PRIMARY,
    )
    if yours.can_take:
        return (button,)
    if not yours.caller.number:
        return ()
    hint = f"Copy the number {yours.caller.number}; pick the call up on your phone (t)"
    rank = ButtonRank.SECONDARY
    return (replace(button, label="Copy number", icon="copy", hint=hint, rank=rank),)


def rail_view(state: DeskState, open_missed: int) -> rows.RailView:
    by_mail = sum(one.item.startswith("mail/") for one in state.promised_due)
    calls = open_missed + len(state.callers) + len(state.promised_due) - by_mail
    people_waiting = state.people_waiting + by_mail
    is_mail_deaf = any(
        one.kind is SourceKind.MAIL and one.hearing is Hearing.DEAF for one in state.healths
    )
    # Nobody knows who has written since; even nobody waiting is then not known.
    unknown = "?" if is_mail_deaf else ""
    waiting = f"{people_waiting}{unknown}" if people_waiting else unknown
    return rows.RailView(
        inbox_count=waiting,
        calls_count=str(calls) if calls else "",
        is_health_warning=state.deaf_since is not None,
    )


def strip_without_settings(problem: Problem) -> StripView:
    """Settings that could not be read at the start: nothing is heard, which is not quiet."""
    return StripView(
        kind=StripKind.DEAF,
        segments=(
            segment("Not listening", Tone.BRICK),
            segment("the settings cannot be read"),
            segment(problem.title),
        ),
        buttons=(
            ActionButton(action=Action.WHY_DEAF, label="Why?", icon="pulse", rank=ButtonRank.GHOST),
        ),
    )
