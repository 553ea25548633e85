"""Messages, callers and members as tests need them, and a desk with a clock to put them to."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

from supportdesk.domain.alerts import (
    Alert,
    AlertRaised,
    AlertUpdated,
    AlertWithdrawn,
    Happened,
    Notice,
)
from supportdesk.domain.calls import Caller, CallId, Capabilities, Member, MemberState, MissedReason
from supportdesk.domain.errors import Problem
from supportdesk.domain.events import (
    CallerJoined,
    CallMissed,
    Event,
    HealthChanged,
    MailboxOpened,
    MessagesArrived,
    PhoneSnapshotTaken,
)
from supportdesk.domain.health import Hearing, SourceHealth, SourceKind, SourceName
from supportdesk.domain.hours import ToLocal
from supportdesk.domain.mail import Mailer, MessageAddress, MessageId, MessageSummary
from supportdesk.domain.settings import (
    AlertSettings,
    MailSettings,
    PhoneKind,
    PhoneSettings,
    Settings,
)
from supportdesk.services.desk import Desk
from supportdesk.services.desk_state import Turn
from supportdesk.services.weekly_nudge import NudgeSources
from tests.fakes.lift_store import MemoryLiftStore
from tests.fakes.promise_store import MemoryPromiseStore
from tests.fakes.side_store import MemorySideStore
from tests.fakes.stores import MemoryDeskStore
from tests.fakes.voice_store import MemoryVoiceStore

# A Saturday; local time in these tests is UTC.
T0 = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
SUPPORT = SourceName("Support")
OFFICE = SourceName("Office")
DOOR = SourceName("Door")

ABLE = Capabilities(
    sees_waiting=True, sees_busy=True, sees_missed=True, can_take=True, can_dial=True
)
UNABLE = Capabilities(
    sees_waiting=False, sees_busy=False, sees_missed=True, can_take=False, can_dial=False
)

MAIL_SETTINGS = MailSettings(
    name=SUPPORT, address="support@desk.example", host="imap.desk.example", user="support"
)
PHONE_SETTINGS = PhoneSettings(
    name=OFFICE, kind=PhoneKind.ASTERISK, host="pbx.desk.example", founder="PJSIP/100"
)
HOOK_SETTINGS = PhoneSettings(name=DOOR, kind=PhoneKind.HOOK)

US = Mailer(name="Anna", email="support@desk.example")


def as_utc(moment: datetime) -> datetime:
    """Local time of a place on the zero meridian."""
    return moment


def same_number(number: str) -> str:
    """A normal form good enough for tests: digits only."""
    return "".join(char for char in number if char.isdigit())


def after(seconds: float) -> datetime:
    return T0 + timedelta(seconds=seconds)


def settings_with(
    *,
    mail: Sequence[MailSettings] = (MAIL_SETTINGS,),
    phone: Sequence[PhoneSettings] = (PHONE_SETTINGS,),
    alerts: AlertSettings | None = None,
) -> Settings:
    return Settings(mail=tuple(mail), phone=tuple(phone), alerts=alerts or AlertSettings())


def a_message(
    uid: int,
    *,
    at: datetime = T0,
    sent_at: datetime | None = None,
    who: str = "",
    subject: str | None = None,
    preview: str = "",
    mailbox: str = "INBOX",
    uidvalidity: int = 1,
    message_id: str = "",
    references: Iterable[str] = (),
    account: SourceName = SUPPORT,
    is_robot: bool = False,
    is_answered: bool = False,
    is_seen: bool = False,
) -> MessageSummary:
    """A message from a customer; each uid is another customer unless `who` says."""
    name = who or f"Customer {uid}"
    return MessageSummary(
        account=account,
        message_id=MessageId(message_id or f"<{uid}@out.example>"),
        address=MessageAddress(mailbox=mailbox, uidvalidity=uidvalidity, uid=uid),
        sender=Mailer(name=name, email=f"{name.replace(' ', '.').lower()}@out.example"),
        recipients=(US,),
        subject=f"Question {uid}" if subject is None else subject,
        preview=preview,
        sent_at=sent_at or at,
        arrived_at=at,
        references=tuple(MessageId(one) for one in references),
        is_robot=is_robot,
        is_answered=is_answered,
        is_seen=is_seen,
    )


def an_answer(
    uid: int,
    to: MessageSummary,
    *,
    at: datetime,
    mailbox: str = "Sent",
    with_references: bool = True,
    subject: str | None = None,
) -> MessageSummary:
    """What Anna wrote to a customer, as it lies in Sent (or in the inbox, as a copy)."""
    return MessageSummary(
        account=to.account,
        message_id=MessageId(f"<answer-{uid}@desk.example>"),
        address=MessageAddress(mailbox=mailbox, uidvalidity=1, uid=uid),
        sender=US,
        recipients=(to.sender,),
        subject=f"Re: {to.subject}" if subject is None else subject,
        sent_at=at,
        arrived_at=at,
        references=(to.message_id,) if with_references else (),
        is_ours=True,
        is_sent_copy=mailbox == "Sent",
    )


def arrived(*messages: MessageSummary, at: datetime = T0) -> MessagesArrived:
    return MessagesArrived(account=messages[0].account, messages=messages, at=at)


def opened(
    uidnext: int = 1, *, mailbox: str = "INBOX", uidvalidity: int = 1, at: datetime = T0
) -> MailboxOpened:
    return MailboxOpened(
        account=SUPPORT, mailbox=mailbox, uidvalidity=uidvalidity, uidnext=uidnext, at=at
    )


def a_caller(
    call_id: str,
    *,
    at: datetime = T0,
    number: str = "+420111222333",
    name: str = "Pavel Kiss",
    queue: str = "support",
    phone: SourceName = OFFICE,
) -> Caller:
    return Caller(
        phone=phone,
        call_id=CallId(call_id),
        number=number,
        name=name,
        queue=queue,
        joined_at=at,
        channel=f"PJSIP/trunk-{call_id}",
    )


def a_member(
    name: str,
    state: MemberState = MemberState.ON_A_CALL,
    *,
    since: datetime | None = None,
    queues: tuple[str, ...] = ("support",),
) -> Member:
    return Member(
        interface=f"PJSIP/{name}", name=name, state=state, state_since=since, queues=queues
    )


def a_snapshot(
    *callers: Caller,
    members: Sequence[Member] | None = (),
    at: datetime = T0,
    capabilities: Capabilities = ABLE,
    missed_meanwhile: int | None = None,
    deaf_since: datetime | None = None,
) -> PhoneSnapshotTaken:
    """After a gap, a phone that has members has queues too, and they say a number."""
    if missed_meanwhile is None and deaf_since is not None and members is not None:
        missed_meanwhile = 0
    return PhoneSnapshotTaken(
        phone=OFFICE,
        callers=callers,
        members=None if members is None else tuple(members),
        capabilities=capabilities,
        at=at,
        missed_meanwhile=missed_meanwhile,
        deaf_since=deaf_since,
    )


def joined(caller: Caller) -> CallerJoined:
    return CallerJoined(caller=caller, at=caller.joined_at)


def missed(
    call_id: str,
    *,
    at: float = 0,
    number: str = "+420 111",
    name: str = "",
    waited: float = 0,
    reason: MissedReason = MissedReason.GAVE_UP,
) -> CallMissed:
    """Somebody who waited for the team, and is gone `at` so many seconds."""
    return CallMissed(
        phone=OFFICE,
        call_id=CallId(call_id),
        number=number,
        name=name,
        queue="support",
        waited_seconds=waited,
        reason=reason,
        at=after(at),
    )


def health(
    source: SourceName,
    hearing: Hearing,
    *,
    since: datetime = T0,
    problem: Problem | None = None,
    heard_at: datetime | None = None,
) -> HealthChanged:
    kind = SourceKind.MAIL if source == SUPPORT else SourceKind.PHONE
    return HealthChanged(
        health=SourceHealth(
            source=source,
            kind=kind,
            hearing=hearing,
            since=since,
            last_heard_at=heard_at,
            problem=problem,
        )
    )


class DeskRig:
    """A desk, its store and its clock. `notices` holds all that was told, in order."""

    def __init__(
        self,
        *,
        settings: Settings | None = None,
        store: MemoryDeskStore | None = None,
        messages: Iterable[MessageSummary] = (),
        now: datetime = T0,
        nudge: NudgeSources | None = None,
        to_local: ToLocal = as_utc,
        problems: Mapping[str, Problem] | None = None,
        side: MemorySideStore | None = None,
        voices: MemoryVoiceStore | None = None,
        lifts: MemoryLiftStore | None = None,
        promises: MemoryPromiseStore | None = None,
    ) -> None:
        self.store = store or MemoryDeskStore()
        self.side = side or MemorySideStore()
        self.voices = voices or MemoryVoiceStore()
        self.lifts = lifts or MemoryLiftStore()
        self.promises = promises or MemoryPromiseStore()
        self.now = now
        self.notices: list[Notice] = []
        self.last = Turn()
        self.desk = Desk(
            settings=settings or settings_with(),
            store=self.store,
            normalise=same_number,
            to_local=to_local,
            nudge=nudge,
            side=self.side,
            voices=lambda: self.voices,
            lifts=lambda: self.lifts,
            has_lifts=bool(self.lifts.kept),
            promises=self.promises,
        )
        self.take(self.desk.restore(messages, now, problems))

    def listen(self, *members: Member, uidnext: int = 1) -> "DeskRig":
        """Everything is heard, the mailbox is empty so far, nobody waits."""
        for source in self.desk.health.healths():
            self.apply(health(source.source, Hearing.LISTENING, since=self.now))
        self.apply(opened(uidnext, at=self.now))
        if self.desk.health.health(OFFICE) is not None:
            self.apply(a_snapshot(members=members, at=self.now))
        return self

    def take(self, turn: Turn) -> list[Notice]:
        self.last = turn
        self.notices += turn.notices
        self.desk.shown(turn.notices)
        return list(turn.notices)

    def join(self, customer: Mailer, number: str) -> list[Notice]:
        """Whoever writes from there calls from here."""
        act = partial(self.desk.people.join_number, customer.email, number, customer.name)
        return self.take(self.desk.change_people(act, self.now))

    def apply(self, event: Event, *, at: datetime | None = None) -> list[Notice]:
        """Let time pass up to `at`, then fold the event in; what fell due is among the notices."""
        self.now = at or self.now
        return self.take(self.desk.apply(event, self.now))

    def wait_until(self, moment: datetime) -> list[Notice]:
        """Tick at each wakeup that the desk asks for, as an event loop would."""
        told: list[Notice] = []
        while (due := self.desk.next_wakeup(self.now)) <= moment:
            assert due > self.now, "a wakeup in the past would spin"
            self.now = due
            told += self.take(self.desk.tick(self.now))
        self.now = moment
        return told

    def wait(self, seconds: float) -> list[Notice]:
        return self.wait_until(self.now + timedelta(seconds=seconds))

    # --- what was told ------------------------------------------------------------------

    @property
    def titles(self) -> list[str]:
        """Titles on show, what matters most first."""
        return [alert.title for alert in self.desk.alerts()]

    def forget(self) -> None:
        self.notices.clear()


def happened(notices: Iterable[Notice]) -> list[Happened]:
    return [notice for notice in notices if isinstance(notice, Happened)]


def raised(notices: Iterable[Notice]) -> list[Alert]:
    return [notice.alert for notice in notices if isinstance(notice, AlertRaised)]


def updated(notices: Iterable[Notice]) -> list[Alert]:
    return [notice.alert for notice in notices if isinstance(notice, AlertUpdated)]


def news(notices: Iterable[Notice]) -> list[str]:
    """Titles of what rises on the screen, in order."""
    shown = [one for one in notices if isinstance(one, AlertRaised | AlertUpdated)]
    return [one.alert.title for one in shown if one.is_news]


def withdrawn(notices: Iterable[Notice]) -> list[tuple[str, str]]:
    """Titles and why."""
    return [
        (notice.alert.title, notice.why) for notice in notices if isinstance(notice, AlertWithdrawn)
    ]


def covered(notices: Iterable[Notice]) -> set[str]:
    """All ledger keys that an alert spoke for."""
    shown = [one.alert for one in notices if isinstance(one, AlertRaised | AlertUpdated)]
    return {key for alert in shown for key in alert.covers}


def changed(message: MessageSummary, **flags: bool) -> MessageSummary:
    """The same message with other flags."""
    return replace(
        message,
        is_seen=flags.get("is_seen", message.is_seen),
        is_answered=flags.get("is_answered", message.is_answered),
    )
