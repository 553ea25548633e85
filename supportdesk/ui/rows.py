"""What the window, the tray and the strip show: frozen values, already in the founder's words.

Owns the vocabulary between the presenter (which fills these in) and the widgets (which only
paint them). Refuses anything that would need a clock, a database or a service to be shown:
ages, sums and sentences arrive finished.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class Page(StrEnum):
    """The pages of the main window, in the order of the rail."""

    INBOX = "inbox"
    CALLS = "calls"
    WEEK = "week"
    HEALTH = "health"
    SETTINGS = "settings"


class Action(StrEnum):
    """What the founder can ask for; sent with the key of what it is about ("" = nothing)."""

    REPLY = "reply"
    OPEN_IN_CLIENT = "open-in-client"
    NO_REPLY = "no-reply"
    SHOW_IMAGES = "show-images"
    SHOW_AS_TEXT = "show-as-text"
    SAVE_ATTACHMENT = "save-attachment"
    TAKE_CALL = "take-call"
    CALL_BACK = "call-back"
    WHY_DEAF = "why-deaf"
    TRY_AGAIN = "try-again"
    COPY_REPORT = "copy-report"
    RESUME_ALERTS = "resume-alerts"
    OPEN_PRACTICE_DESK = "open-practice-desk"
    CONNECT_MAIL = "connect-mail"
    CONNECT_PHONE = "connect-phone"
    EDIT_SOURCE = "edit-source"
    SHOW_ALL_KEYS = "show-all-keys"
    QUIT = "quit"


class Tone(StrEnum):
    """How loud a piece of text is."""

    NORMAL = "normal"
    STRONG = "strong"
    MUTED = "muted"
    AMBER = "amber"
    BRICK = "brick"
    GOOD = "good"


class ButtonRank(StrEnum):
    """PRIMARY is filled: at most one a screen, and the strip owns it while a caller is yours."""

    PRIMARY = "primary"
    SECONDARY = "secondary"
    GHOST = "ghost"


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionButton:
    """A button and what it asks for. `icon` names a file of resources/icons."""

    action: Action
    label: str
    target: str = ""
    icon: str = ""
    shortcut: str = ""
    hint: str = ""
    rank: ButtonRank = ButtonRank.SECONDARY
    is_enabled: bool = True
    why_not: str = ""


class ChipKind(StrEnum):
    """The marks a row may carry; fill = needs or got something, outline = fact."""

    CLAIMED = "claimed"
    LIFTED = "lifted"
    ANSWERED = "answered"
    PROMISE = "promise"
    KNOCK = "knock"
    MISSED = "missed"
    ROBOT = "robot"
    PLAIN = "plain"
    DEAF = "deaf"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChipView:
    """A mark and its words, always together."""

    label: str
    kind: ChipKind = ChipKind.PLAIN


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A banner: what, and the next step. Tone decides ground and mark."""

    title: str
    text: str = ""
    tone: Tone = Tone.BRICK
    buttons: tuple[ActionButton, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """An error in the founder's words: what, who is to blame, what to do, what is safe."""

    title: str
    advice: str
    culprit: str = ""
    next_step: str = ""
    safe: str = "Nothing is lost: your entries stay, nothing was saved yet."


@dataclass(frozen=True, slots=True, kw_only=True)
class EmptyView:
    """An empty state that ends the job: one sentence, at most two offers."""

    head: str
    sentence: str
    buttons: tuple[ActionButton, ...] = ()


# --- strip and rail ----------------------------------------------------------------------


class StripKind(StrEnum):
    """The five states of the live strip, by ground and mark."""

    QUIET = "quiet"
    WAITING = "waiting"
    YOURS = "yours"
    PAUSED = "paused"
    DEAF = "deaf"


@dataclass(frozen=True, slots=True, kw_only=True)
class StripSegment:
    """One part of the strip's sentence; short of room, whole segments go."""

    text: str
    tone: Tone = Tone.NORMAL


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgressView:
    """Minutes toward the goal, beside the words that say them."""

    minutes: float
    goal_minutes: float
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StripView:
    """The live strip. `ticks` asks for `time_passed` each second instead of each minute."""

    kind: StripKind
    segments: tuple[StripSegment, ...]
    buttons: tuple[ActionButton, ...] = ()
    progress: ProgressView | None = None
    ticks: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RailView:
    """Counts as words, so that an unknown one can be "6?" and never 0."""

    inbox_count: str = ""
    calls_count: str = ""
    is_health_warning: bool = False


# --- inbox -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionRow:
    """A heading inside the list."""

    key: str
    title: str
    count: str = ""

    @property
    def accessible_text(self) -> str:
        return f"{self.title}, {self.count}" if self.count else self.title


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationRow:
    """One conversation: who waits, about what, since when, and what happened to it."""

    key: str
    who: str
    subject: str
    first_words: str = ""
    age_label: str = ""
    waiting_seconds: int = 0
    is_hot: bool = False
    is_unread_by_me: bool = False
    is_answered: bool = False
    chips: tuple[ChipView, ...] = ()

    @property
    def accessible_text(self) -> str:
        state = "answered" if self.is_answered else "waiting"
        parts = [self.who, self.subject, f"{state} {self.age_label}".strip()]
        parts += [chip.label for chip in self.chips]
        if self.is_unread_by_me:
            parts.append("not yet read by you")
        return ", ".join(parts)


InboxRow = SectionRow | ConversationRow


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxView:
    """The list. `caption` says the order and, when deaf, the date of the last knowledge."""

    caption: str
    rows: tuple[InboxRow, ...] = ()
    banner: Notice | None = None
    empty: EmptyView | None = None
    search: str = ""


class PersonFact(StrEnum):
    """What a line of the person card tells."""

    PROMISE = "promise"
    CALL = "call"
    QUOTE = "quote"
    MAIL = "mail"
    NOTE = "note"


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonLine:
    """One line of the person card; promises come first."""

    fact: PersonFact
    label: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonView:
    """Who stands behind the message."""

    name: str
    house: str = ""
    lines: tuple[PersonLine, ...] = ()
    call_back: ActionButton | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachmentView:
    """A file that came with the message; fetched only when asked for."""

    key: str
    name: str
    size_label: str = ""


REPLY = ActionButton(action=Action.REPLY, label="Reply", icon="reply", shortcut="r")
OPEN_IN_CLIENT = ActionButton(
    action=Action.OPEN_IN_CLIENT,
    label="Open in mail client",
    icon="open",
    shortcut="o",
    rank=ButtonRank.GHOST,
)
NO_REPLY = ActionButton(
    action=Action.NO_REPLY,
    label="No reply",
    icon="done",
    shortcut="x",
    hint="Needs no reply",
    rank=ButtonRank.GHOST,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageView:
    """One message to read. `html` must be washed already; without it `text` is shown."""

    key: str
    conversation_key: str
    subject: str
    address_line: str = ""
    person: PersonView | None = None
    html: str = ""
    text: str = ""
    quoted_summary: str = ""
    quoted_text: str = ""
    attachments: tuple[AttachmentView, ...] = ()
    notices: tuple[Notice, ...] = ()
    word_count: int = 0
    actions: tuple[ActionButton, ...] = (REPLY, NO_REPLY, OPEN_IN_CLIENT)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockView:
    """The reading clock: what it says, and the rule behind it as a tooltip."""

    is_counting: bool
    label: str
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderState:
    """Which message can be seen, and whether the window is really in front of the founder."""

    message_key: str | None
    is_counting_allowed: bool
    why_not: str = ""


# --- calls -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class CallerRow:
    """Somebody waiting on the phone."""

    key: str
    position: int
    who: str
    house: str = ""
    number: str = ""
    rings: int = 0
    time_label: str = "0:00"
    last_line: str = ""
    is_known: bool = True
    can_take: bool = True
    why_not: str = ""

    @property
    def accessible_text(self) -> str:
        rings = "1 ring" if self.rings == 1 else f"{self.rings} rings"
        return f"{self.who}, {rings}, {self.time_label}, position {self.position}"


class MemberState(StrEnum):
    """Told apart by shape: ring, diamond, disc, bars, dash, ?, square."""

    FREE = "free"
    RINGING = "ringing"
    ON_A_CALL = "on a call"
    PAUSED = "paused"
    GONE = "gone"
    UNKNOWN = "unknown"
    STANDING_BY = "standing by"


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberRow:
    """Somebody who answers the phone, and since when they do what."""

    key: str
    name: str
    state: MemberState
    since_line: str = ""

    @property
    def accessible_text(self) -> str:
        return f"{self.name}: {self.state.value}, {self.since_line}".rstrip(", ")


@dataclass(frozen=True, slots=True, kw_only=True)
class MissedRow:
    """Missed calls of one person, and what became of them."""

    key: str
    who: str
    why: str = ""
    tries: int = 1
    tries_line: str = ""
    age_label: str = ""
    is_hot: bool = False
    is_open: bool = True
    chips: tuple[ChipView, ...] = ()

    @property
    def accessible_text(self) -> str:
        parts = [self.who, f"{self.tries} tries" if self.tries > 1 else "", self.why]
        parts += [chip.label for chip in self.chips]
        parts.append(self.age_label)
        return ", ".join(part for part in parts if part)


@dataclass(frozen=True, slots=True, kw_only=True)
class RingFigure:
    """How many, "of 31 calls", within one ring, beside the sentence it is made of."""

    figure: str
    of_what: str
    sentence: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallsView:
    """The Calls page; lists may be empty, sentences say so."""

    waiting: tuple[CallerRow, ...] = ()
    waiting_note: str = ""
    nobody_waits: str = "Nobody is waiting on the phone."
    members: tuple[MemberRow, ...] = ()
    team_label: str = ""
    is_team_full: bool = False
    missed: tuple[MissedRow, ...] = ()
    missed_note: str = ""
    nobody_missed: str = "No missed calls."
    call_back_oldest: ActionButton | None = None
    ring_figure: RingFigure | None = None
    cannot_tell: str = ""
    banner: Notice | None = None
    empty: EmptyView | None = None


# --- my week -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class DayBar:
    """Minutes of one day, by kind."""

    day: date
    weekday: str
    number: str
    read_minutes: float = 0.0
    reply_minutes: float = 0.0
    talk_minutes: float = 0.0
    is_future: bool = False

    @property
    def total_minutes(self) -> float:
        return self.read_minutes + self.reply_minutes + self.talk_minutes

    @property
    def accessible_text(self) -> str:
        if self.is_future:
            return f"{self.weekday} {self.number}: still to come"
        return (
            f"{self.weekday} {self.number}: {self.total_minutes:.1f} min, "
            f"read {self.read_minutes:.1f}, reply {self.reply_minutes:.1f}, "
            f"talk {self.talk_minutes:.1f}"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekDot:
    """One of the twelve weeks; `minutes` None = off (a holiday), never zero."""

    start: date
    minutes: float | None
    is_current: bool = False
    label: str = ""


class SpanKind(StrEnum):
    """What a span of the log was spent on."""

    READ = "read"
    REPLY = "reply"
    TALK = "talk"
    ROBOT = "robot"


@dataclass(frozen=True, slots=True, kw_only=True)
class SpanRow:
    """One span of the log: counted, and what was dropped by which rule."""

    key: str
    time_label: str
    kind: SpanKind
    what: str
    how: str = ""
    counted_label: str = "0:00"
    dropped_line: str = ""

    @property
    def accessible_text(self) -> str:
        text = f"{self.time_label}, {self.what}, counted {self.counted_label}"
        return f"{text}. {self.dropped_line}" if self.dropped_line else text


@dataclass(frozen=True, slots=True, kw_only=True)
class TalkCard:
    """Days since you last talked to a customer. `days` is words: "2", or "?" when unknown."""

    days: str
    sentence: str
    button: ActionButton | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekView:
    """My week; the sums add up: bars = legend = total."""

    bounds_label: str
    total_minutes: float
    goal_minutes: float
    sentence: str
    days: tuple[DayBar, ...]
    chosen_day: date
    chosen_title: str = ""
    chosen_sentence: str = ""
    spans: tuple[SpanRow, ...] = ()
    nothing_counted: str = "Nothing was counted on this day."
    twelve_weeks: tuple[WeekDot, ...] = ()
    twelve_weeks_sentence: str = ""
    talk: TalkCard | None = None
    has_later_week: bool = False


# --- is it working? ----------------------------------------------------------------------


class HealthState(StrEnum):
    """How well a source is heard."""

    GOOD = "good"
    TRYING = "trying"
    DEAF = "deaf"
    OFF = "off"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckLine:
    """One step on the way to a source: network, name, port, sign-in."""

    state: HealthState
    name: str
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthRow:
    """One source on "Is it working?": state, last event, last trouble, ways out."""

    key: str
    name: str
    state: HealthState
    state_words: str
    last_event: str = ""
    trouble: Trouble | None = None
    checks: tuple[CheckLine, ...] = ()
    buttons: tuple[ActionButton, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthView:
    """`report` is what "Copy report" puts on the clipboard: no names, no secrets."""

    head: str
    sentence: str
    rows: tuple[HealthRow, ...] = ()
    report: str = ""


# --- tray --------------------------------------------------------------------------------


class TrayState(StrEnum):
    """The five silhouettes of the tray icon."""

    LISTENING = "listening"
    WAITING = "waiting"
    YOURS = "yours"
    PAUSED = "paused"
    NOT_LISTENING = "not-listening"


class PauseChoice(StrEnum):
    """For how long alerts may be paused from the tray."""

    HALF_HOUR = "30 min"
    HOUR = "1 h"
    UNTIL_TOMORROW = "until tomorrow"


@dataclass(frozen=True, slots=True, kw_only=True)
class TrayEntry:
    """A line of the tray menu that opens the item of its key."""

    key: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TrayView:
    """`number` is people waiting for an answer; shown 1-9, then 9+."""

    state: TrayState
    tooltip: str
    number: int = 0
    newest_alert: TrayEntry | None = None
    people: tuple[TrayEntry, ...] = field(default=())
    week_line: str = ""
    health_line: str = ""
    paused_line: str = ""
