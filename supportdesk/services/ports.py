"""What services need from the outside. Adapters implement these; tests fake them.

Long, for it is all of the ports in one place but those of answers (`answer_ports`).
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import TYPE_CHECKING, Protocol

from supportdesk.domain.alerts import Alert, Decision, PopupRecord
from supportdesk.domain.calls import Call, Caller
from supportdesk.domain.events import Event
from supportdesk.domain.health import PastTrouble, SourceName
from supportdesk.domain.mail import MessageId, MessagePart, MessageSummary, MessageText
from supportdesk.domain.people import CallNote, Person
from supportdesk.domain.reading import Span
from supportdesk.services.call_records import Gap

if TYPE_CHECKING:
    from supportdesk.services.log_union import JoinedSpans


class Clock(Protocol):
    """The only source of time."""

    def now(self) -> datetime:
        """Wall clock as an aware UTC datetime."""
        ...

    def monotonic_seconds(self) -> float:
        """Seconds that do not jump and do not run while the computer sleeps."""
        ...

    def boot_seconds(self) -> float:
        """Seconds that do not jump and run on while it sleeps, where the system tells."""
        ...


class Publisher(Protocol):
    """The one crossing from workers to the GUI thread; any thread may call, order is kept."""

    def publish(self, event: Event) -> None: ...


CLOSED_BY_FOUNDER = "closed"
"""The action of a response that says: closed without a click."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertResponse:
    """The founder acted: `action` is an Action value, "default" for the body, or "closed".

    Attributes:
        token: Activation token of the desktop (xdg-activation or X11 startup id), if it gave one.
    """

    alert_key: str
    action: str
    token: str = ""


class PresenterSkill(Enum):
    """What a presenter can do with an alert; the value is how the page says it."""

    STAYS_VISIBLE = "shows it until it is handled"
    BUTTONS = "buttons"
    CLICK = "a click on it opens it"
    CHANGES = "changes its words in place"
    TAKES_BACK = "takes it back"
    SOUND = "sounds"


class GoneHow(Enum):
    """How an alert left the screen without being taken back."""

    EXPIRED = "its time was over"
    CLOSED = "the founder closed it"


@dataclass(frozen=True, slots=True, kw_only=True)
class PresenterState:
    """One presenter, for "Is it working?".

    Attributes:
        is_last_resort: Nothing is visible on the screen while alerts go there.
        is_held_back: The founder wants it to show nothing now: it works, and is passed over.
        words: What the founder should know of it; empty when its name says all.
        last_error: What went wrong last, in words, also after it was mended.
    """

    name: str
    is_available: bool
    is_last_resort: bool = False
    is_held_back: bool = False
    can: frozenset[PresenterSkill] = frozenset()
    words: str = ""
    last_error: str = ""


class PresenterReports(Protocol):
    """What a presenter tells after `show` has returned; called on the GUI thread."""

    def shown(self, key: str) -> None:
        """It has come onto the screen."""
        ...

    def failed(self, alert: Alert) -> None:
        """It did not come onto the screen and will not: somebody else has to show it."""
        ...

    def gone(self, key: str, how: GoneHow) -> None:
        """It left the screen, and nobody had asked for that."""
        ...

    def available_changed(self) -> None:
        """It can show alerts now and could not before, or the other way round."""
        ...


class AlertPresenter(Protocol):
    """Shows alerts. Presenters are tried in a fixed order; the last one always works."""

    @property
    def name(self) -> str:
        """As the "Is it working?" page calls it."""
        ...

    @property
    def is_available(self) -> bool:
        """Can it show an alert now? False hands the alert to the next presenter."""
        ...

    def state(self) -> PresenterState: ...

    def show(self, alert: Alert, *, is_news: bool = True) -> None:
        """Show it, or replace the one with the same key. Returns at once.

        Without news only the words are better: they are changed where the alert still stands on
        the screen, and one that has left the screen does not come back.
        """
        ...

    def withdraw(self, key: str) -> None:
        """Take it back; an unknown key is no error."""
        ...

    def close(self) -> None:
        """Withdraw everything and let go."""
        ...


AlertResponder = Callable[[AlertResponse], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """The state of a mailbox when the founder first connected it: older mail is history.

    Attributes:
        user: Whose mailbox it was, and `host` where; empty where it is not known.
    """

    account: SourceName
    mailbox: str
    uidvalidity: int
    uidnext: int
    at: datetime
    user: str = ""
    host: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueCount:
    """What a phone system counts of one queue since it started."""

    queue: str
    abandoned: int
    completed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneMemory:
    """What was known of a phone system when it was last heard.

    Attributes:
        place: Host and port: the counters of another phone system mean nothing.
    """

    phone: SourceName
    place: str
    heard_at: datetime
    counts: tuple[QueueCount, ...]


class DeskStore(Protocol):
    """The founder's own database, desk.db. One thread owns it. Raises StoreError."""

    def tell(self, keys: Iterable[str], at: datetime) -> list[str]:
        """Enter keys into the ledger of happenings; return, in order, those not there before."""
        ...

    def told(self, keys: Iterable[str]) -> set[str]:
        """Those that are in the ledger; nothing is written."""
        ...

    def baseline(self, account: SourceName, mailbox: str) -> Baseline | None: ...

    def baselines(self, account: SourceName) -> list[Baseline]:
        """Those of all mailboxes of an account, by mailbox."""
        ...

    def save_baseline(self, baseline: Baseline) -> None: ...

    def save_alert(self, alert: Alert) -> None:
        """Remember an alert that is on show (insert or replace by key)."""
        ...

    def remove_alert(self, key: str) -> None: ...

    def open_alerts(self) -> list[Alert]:
        """Alerts on show when the last run ended, oldest first."""
        ...

    def save_untold(self, keys: Iterable[str]) -> None:
        """These alerts are about to be shown: a run that dies now may not have shown them."""
        ...

    def clear_untold(self, keys: Iterable[str]) -> None:
        """They have been shown."""
        ...

    def untold(self) -> set[str]: ...

    def save_told(self, alert: Alert, at: datetime) -> None:
        """What this alert led to, for a click long after it has gone (insert or replace)."""
        ...

    def told_alert(self, key: str) -> Alert | None:
        """What an alert of the last 30 days led to; its body and buttons are not kept."""
        ...

    def save_decision(self, decision: Decision) -> None:
        """Append what was decided on a happening."""
        ...

    def decisions(self, about: str, limit: int) -> list[Decision]:
        """The newest first: on this happening or by this alert; "" is all of them."""
        ...

    def prune_alert_memory(self, before: datetime, keep: int) -> None:
        """Forget told alerts and decisions from before, and all but the newest so many."""
        ...

    def save_popup(self, popup: PopupRecord) -> None:
        """It stands on the screen (insert or replace by alert)."""
        ...

    def remove_popup(self, alert_key: str) -> None: ...

    def popups(self) -> list[PopupRecord]:
        """Those on the screen when the last run ended, by alert."""
        ...

    def save_trouble(self, source: SourceName, trouble: PastTrouble) -> None:
        """The last one of this source."""
        ...

    def troubles(self) -> dict[SourceName, PastTrouble]: ...

    def save_call(self, call: Call) -> None:
        """Insert or replace by key."""
        ...

    def save_calls(self, calls: Sequence[Call]) -> None:
        """The same for many at once."""
        ...

    def calls_since(self, at: datetime) -> list[Call]:
        """Oldest first."""
        ...

    def older_calls(self, than: Call | None, limit: int) -> list[Call]:
        """A page of the history, newest first: what began before this call; None: from the end."""
        ...

    def mark_read(self, key: str, at: datetime) -> None:
        """The founder has read this message here; the team's mailbox is not touched."""
        ...

    def read_keys(self) -> set[str]: ...

    def set_needs_no_reply(self, key: str, at: datetime) -> None: ...

    def clear_needs_no_reply(self, key: str) -> None: ...

    def needs_no_reply_keys(self) -> set[str]: ...

    def file_by_hand(self, key: str, conversation: str, at: datetime) -> None:
        """This message belongs to that conversation, whatever its headers say."""
        ...

    def clear_filed_by_hand(self, key: str) -> None: ...

    def filed_by_hand(self) -> dict[str, str]:
        """The conversation of each message that the founder has filed."""
        ...

    def judge_sender(self, email: str, at: datetime, *, is_robot: bool) -> None:
        """The founder says whether a machine or a person writes from this address."""
        ...

    def clear_judged_sender(self, email: str) -> None: ...

    def judged_senders(self) -> dict[str, bool]:
        """Addresses in lower case, and whether a machine writes from them."""
        ...

    def last_heard_at(self) -> datetime | None:
        """When the last run was last known to be awake."""
        ...

    def save_last_heard(self, at: datetime) -> None: ...

    def pause(self) -> tuple[datetime, datetime] | None:
        """When the founder's pause began and when it ends."""
        ...

    def save_pause(self, pause: tuple[datetime, datetime] | None) -> None: ...

    def phone_memory(self, phone: SourceName) -> PhoneMemory | None: ...

    def save_phone_memory(self, memory: PhoneMemory) -> None: ...

    def save_gap(self, gap: Gap) -> None:
        """Insert, or replace the one of this phone that began at the same moment."""
        ...

    def newest_gaps(self, limit: int) -> list[Gap]:
        """In the order in which the phones were heard again."""
        ...

    def people(self) -> list[Person]:
        """All people, by key."""
        ...

    def save_person(self, person: Person) -> None:
        """Insert or replace; what was another person's is this one's from now on."""
        ...

    def remove_person(self, key: str) -> None: ...

    def call_notes(self) -> list[CallNote]:
        """All notes of calls, oldest first."""
        ...

    def save_call_note(self, note: CallNote) -> None:
        """Insert or replace by key."""
        ...

    def remove_call_note(self, key: str) -> None: ...

    def append_span(self, span: Span) -> None:
        """Insert; a span with the same id grows in place only while it is the open one."""
        ...

    def spans_between(self, start: datetime, end: datetime) -> list[Span]:
        """Spans that started in [start, end), oldest first, corrections included."""
        ...

    def append_act(self, spans: Sequence[Span]) -> None:
        """Append the rows of one act by hand, all or nothing."""
        ...

    def spans_of_act(self, act: str) -> list[Span]: ...

    def newest_acts(self, before: str, limit: int) -> list[Span]:
        """All rows of so many acts, the newest whose key is less; "" is after all of them."""
        ...

    def newest_talks(self, before: datetime | None) -> list[Span]:
        """All rows of talk that began at one instant, the newest one before; None is the end."""
        ...

    def all_spans(self) -> Iterator[Span]:
        """The whole log, oldest first, corrections included; a few are read at a time."""
        ...

    def join_spans(self, spans: Sequence[Span]) -> "JoinedSpans":
        """The union by span id, all or nothing: of two states of a span the further one."""
        ...

    def delete_all_spans(self) -> int:
        """Delete the whole log for good; returns how many rows that were."""
        ...


class MailCache(Protocol):
    """Read access to mail.db from the GUI thread."""

    def newest(self, account: SourceName, limit: int) -> list[MessageSummary]:
        """Inbox and Sent together, newest arrival first."""
        ...

    def text(self, account: SourceName, message_id: MessageId) -> MessageText | None: ...


class MailFetcher(Protocol):
    """Asks a mail worker for something; the answer comes as an event."""

    def fetch_text(self, message_id: MessageId) -> None:
        """Leads to MessageTextFetched. Reading changes nothing in the mailbox (F11)."""
        ...

    def fetch_part(self, message_id: MessageId, part: MessagePart) -> None:
        """Leads to PartProgressed and one PartFetched; fetched in pieces, between other work."""
        ...

    def give_up_part(self, message_id: MessageId, section: str) -> None:
        """Stop fetching it; leads to PartFetched without a path."""
        ...

    def check_now(self) -> None:
        """Look for mail at once, reconnecting if need be."""
        ...


class SecretStore(Protocol):
    """Passwords by name (`mail/Support`). Raises SecretsUnavailable."""

    def get(self, name: str) -> str | None: ...

    def set(self, name: str, secret: str) -> None: ...

    def clear(self, name: str) -> None: ...


class Dialer(Protocol):
    """A phone system that can ring for the founder; progress comes as DialProgressed."""

    def take(self, caller: Caller) -> None: ...

    def call_back(self, number: str, name: str) -> None: ...
