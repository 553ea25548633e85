"""The silence alarm in a running desk: what it wishes to have tested is tested here (F95).

Light while all is well: what looks, sends and learns is loaded when it is needed, and runs in
threads of its own. One timer, for the next due moment.
"""

import threading
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from supportdesk.adapters.phone.due_timer import DueTimer
from supportdesk.adapters.places import Places
from supportdesk.adapters.sources import Sources
from supportdesk.adapters.worker_signals import emit_if_heard
from supportdesk.domain.errors import Problem
from supportdesk.domain.events import (
    CallAnswered,
    CallerJoined,
    CallMissed,
    Event,
    HealthChanged,
    HistoryStored,
    MessageGone,
    MessagesArrived,
    SourceHeard,
)
from supportdesk.domain.health import Hearing, SourceHealth, SourceKind, SourceName
from supportdesk.domain.hours import ToLocal, instant_of
from supportdesk.domain.mail import MessageSummary
from supportdesk.domain.settings import (
    MailSettings,
    PhoneKind,
    PhoneSettings,
    Settings,
    SilenceCheck,
)
from supportdesk.domain.silence import (
    Ear,
    Finding,
    Habit,
    Look,
    Test,
    Verdict,
    Wish,
    is_test_mail,
)
from supportdesk.services.desk import Desk
from supportdesk.services.health_alerts import SILENCE, SILENCE_OF_MAIL
from supportdesk.services.ports import Clock, DeskStore, SecretStore
from supportdesk.services.silence_alarm import SilenceAlarm

if TYPE_CHECKING:
    from supportdesk.adapters.silence_looks import SilenceLooks
    from supportdesk.adapters.silence_mails import SilenceMails

_LEARNS_AFTER = timedelta(minutes=1)
_LEARNS_AT = time(0, 10)
_SOON = timedelta(seconds=1)
_LEFT_AT_MOST = timedelta(days=1)
_A_MAIL_WOULD_TELL = (Verdict.ASKED, Verdict.NOT_DELIVERED, Verdict.NOT_SENT)


class SilenceTests(QObject):
    """Lives on the GUI thread.

    Signals:
        told: A part and its `Problem`, or None when it is over.
        proven: Words: customers are quiet. Only after the founder had asked.
    """

    told = Signal(str, object)
    proven = Signal(str)

    _learned = Signal(str, object)

    def __init__(
        self,
        desk: Desk,
        *,
        store: DeskStore,
        sources: Sources,
        secrets: SecretStore,
        places: Places,
        clock: Clock,
        to_local: ToLocal,
        prove_alerts: Callable[[], None],
        parent: QObject,
    ) -> None:
        """`prove_alerts`: find out whether what shows alerts still answers."""
        super().__init__(parent)
        self._desk = desk
        self._sources = sources
        self._secrets = secrets
        self._places = places
        self._clock = clock
        self._to_local = to_local
        self._prove_alerts = prove_alerts
        self._settings = Settings()
        self._alarm = SilenceAlarm(store, to_local)
        self._looks: SilenceLooks | None = None
        self._mails: SilenceMails | None = None
        self._asked: set[SourceName] = set()
        self._told: dict[str, Problem] = {}
        self._is_stopped = False
        # From a run before; known before the settings are.
        self._left: list[MessageSummary] = []
        self._due = DueTimer(self._go, self)
        self._learning = DueTimer(self._learn, self)
        self._learned.connect(self.take_habit)

    # --- life ------------------------------------------------------------------------------

    def follow(self, settings: Settings) -> None:
        self._settings = settings
        ears = [
            Ear(
                source=one.name,
                kind=SourceKind.MAIL,
                address=one.address,
                can_send=one.smtp is not None,
            )
            for one in settings.mail
        ]
        # A hook calls us: there is nothing that could be asked.
        phones = [one for one in settings.phone if one.kind is not PhoneKind.HOOK]
        ears += [Ear(source=one.name, kind=SourceKind.PHONE) for one in phones]
        check = settings.ritual.silence
        self._alarm.configure(ears, check, settings.reading.holidays)
        now = self._clock.now()
        if ears and check is not SilenceCheck.OFF:
            self._learning.wait_until(now + _LEARNS_AFTER, now)
        else:
            self._learning.stop()
        self._tell()
        if self._left:
            left, self._left = self._left, []
            for message in left:
                self._take_away_in_time(message)
            self._go_soon()

    def stop(self) -> None:
        self._is_stopped = True
        self._due.stop()
        self._learning.stop()
        if self._looks is not None:
            self._looks.stop()

    def findings(self) -> dict[SourceName, Finding]:
        """What is known of silences, by source."""
        return self._alarm.findings()

    def awaited(self) -> set[SourceName]:
        """Whose mail to itself is on its way."""
        return self._alarm.awaited()

    def quiet_since(self) -> dict[SourceName, datetime]:
        """When something came last, where it is known what is usual."""
        return self._alarm.quiet_since()

    def send_test_mail(self, source: SourceName) -> None:
        """The founder wants to know whether mail arrives."""
        self._asked.add(source)
        self._carry_out(self._alarm.mail_asked(source, self._clock.now()))

    # --- what is heard -----------------------------------------------------------------------

    def event_seen(self, event: Event) -> None:
        """After the desk has folded it in."""
        match event:
            case MessagesArrived():
                self._mail_came(event)
            case MessageGone():
                if self._mails is not None:
                    self._mails.gone(event.message_id)
            case CallerJoined():
                self._came(event.caller.phone, event.at)
            case CallAnswered() | CallMissed():
                self._came(event.phone, event.at)
            case SourceHeard():
                if event.is_caught_up and self._looks is not None:
                    self._looks.own_link_answered(event.source)
            case HealthChanged():
                self._health_changed(event.health)
            case HistoryStored():
                self._learn_anew()
            case _:
                pass

    def _mail_came(self, event: MessagesArrived) -> None:
        now = self._clock.now()
        for message in event.messages:
            if is_test_mail(message):
                is_ours = self._mails is not None and self._mails.is_ours(message.message_id)
                # By our own clock: that of a server may be wrong.
                arrived_at = now if is_ours else message.arrived_at
                self._alarm.mail_back(event.account, message.message_id, arrived_at, now)
                self._take_away_in_time(message)
            elif not message.is_ours and not message.is_sent_copy:
                self._alarm.came(event.account, min(now, message.arrived_at))
        self._go_soon()

    def look_through(self, messages: Iterable[MessageSummary]) -> Iterator[MessageSummary]:
        """What mail.db holds at the start, as it is: mails to ourselves are taken away in time."""
        since = self._clock.now() - _LEFT_AT_MOST
        for message in messages:
            if is_test_mail(message) and message.arrived_at >= since:
                self._left.append(message)
            yield message

    def _take_away_in_time(self, message: MessageSummary) -> None:
        source = self._mail_settings(message.account)
        if source is not None:
            self.mails.heard_of(source, message)

    def _health_changed(self, health: SourceHealth) -> None:
        if health.hearing is not Hearing.LISTENING and self._looks is not None:
            self._looks.own_link_lost(health.source)
        self._go_soon()

    def _came(self, phone: SourceName, at: datetime) -> None:
        self._alarm.came(phone, at)
        self._go_soon()

    # --- learning ----------------------------------------------------------------------------

    def _learn_anew(self) -> None:
        """Old mail has come in a heap."""
        if self._learning.isActive():
            now = self._clock.now()
            self._learning.wait_until(now + _LEARNS_AFTER, now)

    def _learn(self) -> None:
        """Anew each night, of the last weeks."""
        now = self._clock.now()
        tomorrow = self._to_local(now).date() + timedelta(days=1)
        self._learning.wait_until(instant_of(tomorrow, _LEARNS_AT, self._to_local), now)
        sources = [(one.name, SourceKind.MAIL) for one in self._settings.mail]
        sources += [(one.name, SourceKind.PHONE) for one in self._settings.phone]

        def learn() -> None:
            from supportdesk.adapters.storage.past_traffic import habit_of

            for name, kind in sources:
                path = self._places.mail_db if kind is SourceKind.MAIL else self._places.desk_db
                habit = habit_of(name, kind, path, now, self._to_local)
                emit_if_heard(self._learned, name, habit)

        threading.Thread(target=learn, name="usual traffic", daemon=True).start()

    @Slot(str, object)
    def take_habit(self, source: SourceName, habit: Habit) -> None:
        """What is usual there, and when something came last."""
        self._alarm.learned(source, habit, self._clock.now())
        self._go_soon()

    # --- doing what is due ---------------------------------------------------------------------

    def look_at_clock(self) -> None:
        """It was set, or the computer slept: what is due may be due by now."""
        self._go_soon()

    def _go_soon(self) -> None:
        """Once for all that comes in a burst."""
        if not self._is_stopped:
            now = self._clock.now()
            self._due.wait_until(now + _SOON, now)

    def _go(self) -> None:
        if self._is_stopped:
            return
        now, heard_since = self._clock.now(), self._heard_since()
        self._carry_out(self._alarm.step(now, heard_since))
        self._tell()
        dues = [self._alarm.next_due(now, heard_since)]
        if self._mails is not None:
            self._mails.take_away_old(now)
            dues.append(self._mails.next_due())
        due = min((one for one in dues if one is not None), default=None)
        if due is not None:
            self._due.wait_until(due, now)

    def _heard_since(self) -> dict[SourceName, datetime]:
        healths = self._desk.health.healths()
        return {one.source: one.since for one in healths if one.hearing is Hearing.LISTENING}

    def _carry_out(self, wishes: list[Wish]) -> None:
        entries: list[MailSettings | PhoneSettings] = [*self._settings.mail, *self._settings.phone]
        sources = {one.name: one for one in entries}
        for wish in wishes:
            source = sources[wish.source]
            if wish.test is Test.LOOK:
                self._prove_alerts()
                self._made_looks().begin(source)
            elif isinstance(source, MailSettings) and wish.test is Test.MAIL:
                self.mails.send(source)
            elif isinstance(source, MailSettings):
                self.mails.search(source, wish.message_id)

    def _mail_settings(self, name: SourceName) -> MailSettings | None:
        return next((one for one in self._settings.mail if one.name == name), None)

    # --- looks -------------------------------------------------------------------------------

    def _made_looks(self) -> "SilenceLooks":
        if self._looks is None:
            # Loaded with the first silence that is long for its hour.
            from supportdesk.adapters.silence_looks import SilenceLooks

            self._looks = SilenceLooks(
                sources=self._sources,
                secrets=self._secrets,
                mail_db=self._places.mail_db,
                clock=self._clock,
                is_heard=lambda name: name in self._heard_since(),
                parent=self,
            )
            self._looks.looked.connect(self.take_look)
        return self._looks

    def take_look(self, source: SourceName, look: Look) -> None:
        """What came of one."""
        self._alarm.looked(source, look, self._clock.now())
        self._go()

    # --- a mail to ourselves -------------------------------------------------------------------

    @property
    def mails(self) -> "SilenceMails":
        """Loaded with the first one that is sent, or comes from another computer."""
        if self._mails is None:
            from supportdesk.adapters.silence_mails import SilenceMails

            self._mails = SilenceMails(self._secrets, self._clock, self)
            self._mails.sent.connect(self._mail_ended)
            self._mails.searched.connect(self._search_ended)
        return self._mails

    @Slot(str, str, object)
    def _mail_ended(self, source: SourceName, message_id: str, problem: Problem | None) -> None:
        now = self._clock.now()
        if problem is not None:
            self._alarm.mail_not_sent(source, message_id, problem, now)
        else:
            self._alarm.mail_sent(source, message_id, now)
        self._go()

    @Slot(str, str, bool, object)
    def _search_ended(
        self, source: SourceName, message_id: str, is_there: bool, problem: Problem | None
    ) -> None:
        now = self._clock.now()
        if problem is None:
            # One that had come back is waited for no more: then nothing is made of this.
            self._alarm.searched(source, message_id, now, is_there=is_there)
            if is_there:
                self._ask_own_link(source)
        else:
            self._alarm.not_searched(source, message_id, problem, now)
        self._go()

    def _ask_own_link(self, source: SourceName) -> None:
        worker = self._sources.fetcher(source)
        if worker is not None:
            worker.check_now()

    # --- telling -----------------------------------------------------------------------------

    def _tell(self) -> None:
        """What is known now against what the founder was told."""
        wanted: dict[str, Problem] = {}
        heard = self._heard_since()
        for source, finding in self._alarm.findings().items():
            found = finding.found
            if found.problem is not None and source in heard:
                # A source that says itself that it is deaf has an alert for that.
                begin = SILENCE_OF_MAIL if self._can_tell_more(source, found.verdict) else SILENCE
                wanted[begin + source] = found.problem
            if found.verdict is not Verdict.ASKED and source in self._asked:
                self._asked.discard(source)
                if found.verdict is Verdict.QUIET:
                    self.proven.emit(found.words)
        for part in self._told.keys() - wanted.keys():
            self.told.emit(part, None)
        for part, problem in wanted.items():
            self.told.emit(part, problem)
        self._told = wanted

    def _can_tell_more(self, source: SourceName, verdict: Verdict) -> bool:
        can_send = {one.name for one in self._settings.mail if one.smtp is not None}
        return source in can_send and verdict in _A_MAIL_WOULD_TELL
