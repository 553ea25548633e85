"""What an event does to a desk: which of its parts take it in, and in which order."""

from datetime import datetime
from typing import assert_never

from supportdesk.domain.events import (
    AnswerTold,
    CallAnswered,
    CalleeAnswered,
    CallEnded,
    CallerJoined,
    CallMissed,
    DialProgressed,
    Event,
    HealthChanged,
    HistoryStored,
    LiftTold,
    MailboxOpened,
    MemberChanged,
    MemberLeft,
    MessageChanged,
    MessageGone,
    MessagesArrived,
    MessageTextFetched,
    PartFetched,
    PartProgressed,
    PhoneSnapshotTaken,
    SideTold,
    SourceHeard,
    SyncProgressed,
)
from supportdesk.domain.health import Hearing, SourceHealth, SourceKind
from supportdesk.domain.mail import MessageSummary
from supportdesk.services.absence import Absence
from supportdesk.services.alert_policy import AlertPolicy
from supportdesk.services.calls_board import CallsBoard, PhoneEvent
from supportdesk.services.desk_lifts import DeskLifts
from supportdesk.services.desk_state import Area
from supportdesk.services.health_board import HealthBoard
from supportdesk.services.inbox import Inbox, MailEvent
from supportdesk.services.mail_answers import MailAnswers
from supportdesk.services.ports import DeskStore
from supportdesk.services.side_marks import SideMarks


class DeskFolding:
    """Changes the parts of one desk; what is told of that is the desk's matter."""

    def __init__(
        self,
        *,
        inbox: Inbox,
        calls: CallsBoard,
        health: HealthBoard,
        side: SideMarks,
        lifts: DeskLifts,
        answers: MailAnswers,
        absence: Absence,
        policy: AlertPolicy,
        store: DeskStore,
    ) -> None:
        self._inbox = inbox
        self._calls = calls
        self._health = health
        self._side = side
        self._lifts = lifts
        self._answers = answers
        self._absence = absence
        self._policy = policy
        self._store = store

    def fold(self, event: Event, now: datetime) -> frozenset[Area]:
        """Take it in; what of the state may look different now."""
        match event:
            case HealthChanged():
                return self._fold_health(event.health, now)
            case SourceHeard():
                self._health.heard(event.source, event.at)
                if event.is_caught_up:
                    self._absence.reported(event.source, now)
                return frozenset({Area.HEALTH})
            case MailboxOpened() | MessagesArrived() | MessageChanged() | MessageGone():
                return self._fold_mail(event, now)
            case (
                PhoneSnapshotTaken()
                | CallerJoined()
                | CallAnswered()
                | CalleeAnswered()
                | CallEnded()
                | CallMissed()
                | MemberChanged()
                | MemberLeft()
            ):
                self._fold_phone(event, now)
                return frozenset({Area.CALLS})
            case DialProgressed():
                return frozenset({Area.CALLS})
            case (
                MessageTextFetched()
                | PartProgressed()
                | PartFetched()
                | SyncProgressed()
                | HistoryStored()
                | AnswerTold()
            ):
                return frozenset()
            case SideTold():
                return frozenset({Area.INBOX} if self._side.fold(event, now) else ())
            case LiftTold():
                is_news = self._lifts.fold(event, now)
                return frozenset({Area.INBOX, Area.CALLS} if is_news else ())
            case _:
                assert_never(event)

    def _fold_health(self, told: SourceHealth, now: datetime) -> frozenset[Area]:
        before = self._health.last_trouble(told.source)
        self._health.changed(told, now)
        trouble = self._health.last_trouble(told.source)
        if trouble is not None and trouble != before:
            self._store.save_trouble(told.source, trouble)
        is_vain = told.problem is not None and told.problem.is_for_founder
        if told.hearing is Hearing.LISTENING or is_vain:
            self._absence.reported(told.source, now)
        if told.kind is SourceKind.MAIL:
            return frozenset({Area.HEALTH})
        if told.hearing is Hearing.LISTENING:
            self._calls.line(told.source).listening()
        else:
            self._calls.deaf(told.source, now)
        return frozenset({Area.HEALTH, Area.CALLS})

    def _fold_mail(self, event: MailEvent, now: datetime) -> frozenset[Area]:
        self._absence.active(now)
        is_marked = isinstance(event, MessageChanged) and self._is_now_answered(event.message)
        self._lifts.mail_comes(event, now)
        news = self._inbox.apply(event, now)
        self._lifts.mail_came(event, now)
        is_reached = self._answers.settle()
        if isinstance(event, MessageChanged):
            if is_marked:
                is_reached |= self._answers.answered(event.message.sender.email, now)
            self._policy.message_changed(event.message.key, now)
        self._policy.news(news, now)
        return frozenset({Area.INBOX, Area.CALLS} if is_reached else {Area.INBOX})

    def _is_now_answered(self, message: MessageSummary) -> bool:
        known = self._inbox.message(message.key)
        return known is not None and message.is_answered and not known.is_answered

    def _fold_phone(self, event: PhoneEvent, now: datetime) -> None:
        if isinstance(event, PhoneSnapshotTaken):
            self._absence.reported(event.phone, now)
        self._policy.turns(self._calls.apply(event, now), now)
