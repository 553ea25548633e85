"""The desk: inbox, calls, health and alerts as one. Events and acts in, notices and state out.

One thread calls it, the one that owns the desk store. Every method that may change something
returns a `Turn`: tell its notices in order, refresh its areas, then ask `next_wakeup` again.
Over 400 lines, for each act passes here; what they mean is in the parts it holds, and what events
do is in `desk_folding`.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from supportdesk.domain.alerts import Alert, AlertKind, Happened, Notice
from supportdesk.domain.errors import Problem
from supportdesk.domain.events import (
    Event,
    source_of,
)
from supportdesk.domain.health import Hearing, SourceHealth, SourceKind, SourceName
from supportdesk.domain.hours import ToLocal
from supportdesk.domain.mail import MessageSummary
from supportdesk.domain.settings import PhoneKind, Settings
from supportdesk.services.absence import Absence
from supportdesk.services.alert_book import AlertBook
from supportdesk.services.alert_rules import AlertRules
from supportdesk.services.call_notes import CallNotes
from supportdesk.services.calls_board import CallsBoard
from supportdesk.services.contacts import Contacts
from supportdesk.services.desk_alerts import DeskAlerts
from supportdesk.services.desk_folding import DeskFolding
from supportdesk.services.desk_lifts import DeskLifts
from supportdesk.services.desk_state import Area, DeskState, Turn
from supportdesk.services.desk_summary import DeskSummary
from supportdesk.services.health_board import HealthBoard
from supportdesk.services.inbox import Inbox
from supportdesk.services.knocks import Knocks
from supportdesk.services.mail_answers import MailAnswers
from supportdesk.services.noted_promises import NotedPromises
from supportdesk.services.people import People
from supportdesk.services.person_suggestions import PersonSuggestions
from supportdesk.services.ports import DeskStore
from supportdesk.services.promise_store import PromiseStore, UnkeptPromiseStore
from supportdesk.services.promises import Promises
from supportdesk.services.side_marks import SideMarks
from supportdesk.services.side_store import SideStore, UnkeptSideStore
from supportdesk.services.silence import Silence
from supportdesk.services.weekly_nudge import NudgeSources, NudgeState
from supportdesk.services.wording import fit

if TYPE_CHECKING:
    from supportdesk.services.forgetting import Forgotten
    from supportdesk.services.lift_store import LiftStore
    from supportdesk.services.lifts import Lifts
    from supportdesk.services.voice_store import VoiceStore
    from supportdesk.services.voices import Voices

SNOOZE = timedelta(minutes=30)
_WHOM_ROOM = 40

# How exactly the length of an absence is known, against how often an idle desk wakes and writes.
_AWAKE_IS_NOTED_EVERY = timedelta(minutes=1)
_AWAKE_IS_NOTED_AT_LATEST = timedelta(minutes=5)


class Desk:
    """Owns all folded state. Times are aware UTC.

    `inbox`, `calls`, `people`, `notes`, `promises`, `side` and `health`, and what is asked of
    them, are open for reading; only the desk changes them.
    """

    def __init__(
        self,
        *,
        settings: Settings,
        store: DeskStore,
        normalise: Callable[[str], str],
        to_local: ToLocal,
        nudge: NudgeSources | None = None,
        side: SideStore | None = None,
        promises: PromiseStore | None = None,
        voices: "Callable[[], VoiceStore] | None" = None,
        lifts: "Callable[[], LiftStore] | None" = None,
        has_lifts: bool = False,
    ) -> None:
        """Read nothing before `restore`.

        Args:
            settings: A phone of kind HOOK counts as always listening.
            store: Called only from the thread that calls the desk.
            normalise: A number in one normal form (E.164 where possible); "" for a withheld one.
            to_local: The same instant in local time; `datetime.astimezone` serves.
            nudge: What the weekly nudge is made of; None: there is none.
            side: Where notes, snoozes, labels and claims are kept; None: nowhere.
            promises: Where promises are kept; None: nowhere.
            voices: Asked with the first question for kept words; None: they are kept nowhere.
            lifts: The same for what the team lifts to the founder.
            has_lifts: Something was lifted before: it is read at the start.
        """
        self._store = store
        self._settings = settings
        self.inbox = Inbox(store)
        self.people = People(store, normalise)
        self.promises = Promises(promises or UnkeptPromiseStore(), to_local)
        noted = NotedPromises(self.promises, self.people, self.inbox)
        self.side = SideMarks(
            side or UnkeptSideStore(), to_local, self.inbox.mailbox_of, noted.of_mail
        )
        self.notes = CallNotes(store, normalise, noted.of_call)
        self.calls = CallsBoard(store, normalise, self.people, lambda at: self._silence.is_open(at))
        self.knocks = Knocks(self.people, self.calls, self.inbox, to_local)
        self.contacts = Contacts(self.people, self.notes, self.calls, self.inbox)
        self.suggestions = PersonSuggestions(self.people, self.calls)
        self._mail_answers = MailAnswers(self.people, self.calls, self.inbox)
        self.health = HealthBoard()
        rules = AlertRules(settings.alerts)
        self._book = AlertBook(store, rules, self._whom)
        self._silence = Silence(settings.alerts, to_local)
        self._absence = Absence()
        self._alerts = DeskAlerts(
            book=self._book,
            rules=rules,
            silence=self._silence,
            absence=self._absence,
            inbox=self.inbox,
            calls=self.calls,
            knocks=self.knocks,
            health=self.health,
            promises=self.promises,
            settings=settings,
            store=store,
            to_local=to_local,
            nudge=nudge,
        )
        self._policy = self._alerts.policy
        self._lifts = DeskLifts(
            store=lifts,
            has_any=has_lifts,
            ledger=store,
            inbox=self.inbox,
            calls=self.calls,
            book=self._book,
            policy=self._policy,
        )
        self._summary = DeskSummary(
            inbox=self.inbox,
            calls=self.calls,
            people=self.people,
            health=self.health,
            silence=self._silence,
            promises=self.promises,
            lifts=self._lifts,
        )
        self._folding = DeskFolding(
            inbox=self.inbox,
            calls=self.calls,
            health=self.health,
            side=self.side,
            lifts=self._lifts,
            answers=self._mail_answers,
            absence=self._absence,
            policy=self._policy,
            store=store,
        )
        self._awake_noted_at: datetime | None = None
        self._normalise = normalise
        self._voice_store = voices
        self._voices: Voices | None = None

    # --- time and events ----------------------------------------------------------------

    def restore(
        self,
        messages: Iterable[MessageSummary],
        now: datetime,
        problems: Mapping[str, Problem] | None = None,
    ) -> Turn:
        """First call of a run: the newest messages of mail.db, and all that desk.db remembers.

        `problems` are those of parts of this computer that do not work from the start.
        """
        self._configure(now)
        off_since = self._store.last_heard_at()
        if off_since is not None:
            self._absence.start(off_since, now, self._sources_to_wait_for())
        self._silence.take_up(self._store.pause())
        silent_since = self._silence.silent_since(now)
        if silent_since is not None:
            self._absence.silence(silent_since)
        self.health.take_up(self._store.troubles())
        told_again = self._book.restore(now)
        self._alerts.health.adopt(problems or {}, told_again)
        self.people.restore()
        self.notes.restore()
        self.promises.restore()
        self.calls.restore(now)
        self.side.restore(now)
        self._follow_snoozes()
        self._lifts.restore()
        watched = {account.name for account in self._settings.mail}
        known = [message for message in messages if message.account in watched]
        news = self.inbox.restore(known, now)
        self._mail_answers.settle()
        self._policy.news(news, now)
        self._policy.came_back(self.side.snooze.came_back_since(off_since), now)
        return self._turn(now, frozenset(Area))

    def apply(self, event: Event, now: datetime) -> Turn:
        """Fold one event in. Events of sources that are not in the settings are ignored."""
        if self.health.health(source_of(event)) is None:
            return Turn()
        return self._turn(now, self._folding.fold(event, now))

    def tick(self, now: datetime) -> Turn:
        """Do what has fallen due by time alone; too early or too late does no harm."""
        self.calls.tick(now)
        changed = {Area.CALLS, Area.HEALTH}
        come_back = self.side.snooze.due(now)
        if come_back:
            self._follow_snoozes()
            self._policy.came_back(come_back, now)
        has_changed = self.side.claims.have_changed(now)
        if self.promises.have_fallen_due(now) or come_back or has_changed:
            changed.add(Area.INBOX)
        return self._turn(now, frozenset(changed))

    def next_wakeup(self, now: datetime) -> datetime:
        """The earliest moment at which `tick` has something to do."""
        moments = [
            self._policy.next_due(now),
            self._alerts.next_due(now),
            self.calls.next_due(now),
            self.health.next_due(now),
            self.side.next_due(now),
            self.promises.next_due(now),
            (self._awake_noted_at or now) + _AWAKE_IS_NOTED_AT_LATEST,
        ]
        return min(moment for moment in moments if moment is not None)

    def sleeps(self, now: datetime) -> Turn:
        """The computer goes to sleep in a moment; `woke` follows in any case."""
        self._absence.fall_asleep(now)
        return self._turn(now, frozenset())

    def woke(self, asleep_since: datetime, now: datetime) -> Turn:
        """The computer slept: what came meanwhile is told in one digest after catching up."""
        self._absence.wake(asleep_since, now, self._sources_to_wait_for())
        self.calls.slept(asleep_since, now)
        return self._turn(now, frozenset({Area.CALLS, Area.HEALTH}))

    def change_settings(self, settings: Settings, now: datetime) -> Turn:
        """Watch what the new settings name; forget the rest."""
        kept = {account.name for account in settings.mail}
        for account in self._settings.mail:
            if account.name not in kept:
                self.inbox.forget(account.name)
        self._settings = settings
        self._configure(now)
        return self._turn(now, frozenset(Area))

    def shown(self, notices: Iterable[Notice]) -> None:
        """The notices of a turn have been shown: a crash from now on repeats none of them."""
        self._book.shown(notices)

    def part_failed(self, part: str, problem: Problem, now: datetime) -> Turn:
        """A part of this computer does not work: the founder is alerted, once until it changes."""
        self._alerts.health.part_failed(part, problem)
        return self._turn(now, frozenset({Area.HEALTH}))

    def part_works(self, part: str, now: datetime) -> Turn:
        """It works again."""
        self._alerts.health.part_works(part, now)
        return self._turn(now, frozenset({Area.HEALTH}))

    def leave(self, now: datetime) -> None:
        """The run ends in order: remember until when it was awake."""
        self._store.save_last_heard(now)
        self.calls.awake(now)

    # --- what is true -------------------------------------------------------------------

    def state(self, now: datetime) -> DeskState:
        return self._summary.at(now)

    def alerts(self) -> tuple[Alert, ...]:
        """Alerts on show, what matters most first; the newest is the one with the latest `at`."""
        return self._alerts.on_show()

    def nudge(self) -> NudgeState | None:
        """Why the founder was nudged to read or not, when that was last looked at."""
        nudge = self._alerts.nudge
        return None if nudge is None else nudge.state

    def first_unread(self, keys: Iterable[str]) -> str:
        """Of these messages the first that the founder has still to read; "" for none."""
        return next((key for key in keys if self.inbox.is_unread(key)), "")

    def what_matters_most(self, now: datetime) -> str:
        """Ledger key that opening the window should show; "" when nothing waits."""
        callers = self.calls.callers(now)
        yours = [one.caller.key for one in callers if one.is_yours]
        known = self._lifts.known
        yours += [] if known is None else [lift.item for lift in known.open()]
        missed = [one.item for one in self.alerts() if one.kind is AlertKind.MISSED and one.item]
        waiting = [conversation.key for conversation in self.knocks.waiting(now)[:1]]
        return next(iter([*yours, *missed, *waiting]), "")

    # --- the founder's acts -------------------------------------------------------------

    def read(self, key: str, now: datetime) -> Turn:
        """The founder has this message open: it and what came before it is read by them."""
        self._lifts.seen(key, now)
        conversation = self.inbox.conversation(key)
        if conversation is not None and conversation.has_come_back:
            self.side.snooze.opened(conversation.key)
            self._follow_snoozes()
        self.inbox.read(key, now)
        return self._turn(now, frozenset({Area.INBOX}))

    def needs_no_reply(self, key: str, now: datetime) -> Turn:
        """The conversation is closed up to this message."""
        self._lifts.seen(key, now)
        self.inbox.needs_no_reply(key, now)
        return self._turn(now, frozenset({Area.INBOX}))

    def undo_needs_no_reply(self, key: str, now: datetime) -> Turn:
        self.inbox.undo_needs_no_reply(key)
        return self._turn(now, frozenset({Area.INBOX}))

    def put_off(self, key: str, until: datetime, now: datetime) -> Turn:
        """The conversation of this message sleeps until then (F49). Raises StoreError.

        One of which nobody waits, or that is not known, stays as it is.
        """
        waiting = self.inbox.unanswered(key) if self.inbox.message(key) else ()
        if waiting:
            self.side.snooze.put_off(waiting[-1].key, until, now)
            self._follow_snoozes()
        return self._turn(now, frozenset({Area.INBOX}))

    def wake(self, key: str, now: datetime) -> Turn:
        """It sleeps no more."""
        waiting = self.inbox.unanswered(key) if self.inbox.message(key) else ()
        for message in waiting[-1:]:
            self.side.snooze.wake(message.key)
        self._follow_snoozes()
        return self._turn(now, frozenset({Area.INBOX}))

    def change_side(self, act: Callable[[], object], now: datetime) -> Turn:
        """Notes, labels or claims, changed through `side` by `act`. Raises what that raises."""
        act()
        return self._turn(now, frozenset({Area.INBOX}))

    @property
    def voices(self) -> "Voices":
        """Kept words and lessons, open for reading; made with the first question."""
        if self._voices is None:
            # A quiet tray asks for none.
            from supportdesk.services.voice_store import UnkeptVoiceStore
            from supportdesk.services.voices import Voices

            self._voices = Voices((self._voice_store or UnkeptVoiceStore)(), self._normalise)
        return self._voices

    def change_voices(self, act: Callable[[], object], now: datetime) -> Turn:
        """Kept words or lessons, changed through `voices` by `act`. Raises what that raises."""
        act()
        return self._turn(now, frozenset({Area.VOICES}))

    @property
    def lifts(self) -> "Lifts":
        """What the team lifts to the founder, open for reading; made with the first question."""
        return self._lifts.all

    @property
    def known_lifts(self) -> "Lifts | None":
        """The same, or None as long as nobody lifted anything."""
        return self._lifts.known

    def change_lifts(self, act: Callable[[], object], now: datetime) -> Turn:
        """Lifts, changed through `lifts` by `act`. Raises what that raises."""
        act()
        return self._turn(now, frozenset({Area.INBOX, Area.CALLS}))

    def words_came(self, now: datetime) -> Turn:
        """Kept words and promises were joined to desk.db behind our back."""
        if self._voices is not None:
            self._voices.read_again()
        self.promises.restore()
        return self._turn(now, frozenset({Area.VOICES, Area.INBOX, Area.CALLS}))

    def split(self, key: str, now: datetime) -> Turn:
        """From this message on it is a conversation of its own (F54)."""
        self.inbox.split(key, now)
        return self._turn(now, frozenset({Area.INBOX}))

    def join(self, key: str, other: str, now: datetime) -> Turn:
        """The conversations of these two messages are one."""
        self.inbox.join(key, other, now)
        return self._turn(now, frozenset({Area.INBOX}))

    def undo_regrouping(self, now: datetime) -> Turn:
        """Take back the last split or join of this run."""
        self.inbox.undo_regrouping(now)
        return self._turn(now, frozenset({Area.INBOX}))

    def judge_sender(self, email: str, now: datetime, *, is_robot: bool | None) -> Turn:
        """A machine or a person writes from this address; None: as the mail itself says (F57)."""
        self.inbox.judge_sender(email, now, is_robot=is_robot)
        return self._turn(now, frozenset({Area.INBOX}))

    def close_missed(self, key: str, now: datetime) -> Turn:
        """The founder says that the missed calls of this person need nothing more (F21)."""
        self.calls.close_missed(key, now)
        return self._turn(now, frozenset({Area.CALLS}))

    def close_all_missed(self, now: datetime) -> Turn:
        """Nobody who was missed needs anything more."""
        self.calls.close_all_missed(now)
        return self._turn(now, frozenset({Area.CALLS}))

    def reopen_missed(self, keys: Iterable[str], now: datetime) -> Turn:
        """Take back that these calls are done; who was reached since stays closed."""
        self.calls.reopen_missed(keys)
        return self._turn(now, frozenset({Area.CALLS}))

    def change_people(self, act: Callable[[], object], now: datetime) -> Turn:
        """Whose an address or a number is, changed through `people` by `act`."""
        act()
        self._mail_answers.settle()
        return self._turn(now, frozenset({Area.INBOX, Area.CALLS}))

    def change_promises(self, act: Callable[[], object], now: datetime) -> Turn:
        """Kept, moved or put back through `promises` by `act`. Raises what that raises."""
        return self.change_notes(act, now)

    def change_notes(self, act: Callable[[], object], now: datetime) -> Turn:
        """What was noted of calls, changed through `notes` by `act`."""
        act()
        return self._turn(now, frozenset({Area.INBOX, Area.CALLS}))

    def forget(self, who: "Forgotten", now: datetime) -> Turn:
        """They were deleted from the databases: nothing of them is known any more."""
        self.inbox.forget_person(who)
        self.people.read_again()
        self.notes.read_again()
        self.promises.restore()
        if self._voices is not None:
            self._voices.read_again()
        self.side.restore(now)
        self._lifts.restore()
        self._follow_snoozes()
        self.calls.forget(who.numbers)
        return self._turn(now, frozenset(Area))

    def pause(self, until: datetime, now: datetime) -> Turn:
        """No alerts until then; a waiting caller may break through (settings)."""
        self._silence.pause(until, now)
        self._store.save_pause((now, until))
        return self._turn(now, frozenset({Area.ALERTS}))

    def resume(self, now: datetime) -> Turn:
        """End the pause; what came meanwhile is told in one digest."""
        self._silence.resume()
        self._store.save_pause(None)
        return self._turn(now, frozenset({Area.ALERTS}))

    def desktop_is_quiet(self, by: str, now: datetime) -> Turn:
        """Do-not-disturb is on in this program of the desktop, or in none any more ("").

        It counts like a pause of the founder's own: what comes meanwhile is told in one digest.
        """
        self._silence.desktop_is_quiet(by, now)
        return self._turn(now, frozenset({Area.ALERTS}))

    @property
    def quiet_by(self) -> str:
        """In which program of the desktop do-not-disturb is on."""
        return self._silence.desktop_quiet_by

    def tomorrow(self, now: datetime) -> datetime:
        """What "until tomorrow" means: eight in the morning of the next local day."""
        return self._silence.tomorrow(now)

    def snooze(self, alert_key: str, now: datetime) -> Turn:
        """Take the alert back; show it again in 30 minutes if it is still open then."""
        self._book.snooze(alert_key, now + SNOOZE, now)
        return self._turn(now, frozenset())

    def dismiss(self, alert_key: str, now: datetime) -> Turn:
        """The founder closed it: not shown again."""
        self._lifts.dismissed(alert_key, now)
        self._book.dismiss(alert_key, now)
        return self._turn(now, frozenset())

    # --- inside -------------------------------------------------------------------------

    def _configure(self, now: datetime) -> None:
        settings = self._settings
        sources = [(one.name, SourceKind.MAIL) for one in settings.mail]
        sources += [(one.name, SourceKind.PHONE) for one in settings.phone]
        self.health.configure(sources, now)
        for phone in settings.phone:
            known = self.health.health(phone.name)
            is_heard = known is not None and known.hearing is Hearing.LISTENING
            if phone.kind is PhoneKind.HOOK and not is_heard:
                self.health.changed(_always_listening(phone.name, now), now)
        self.calls.configure(settings.phone, settings.alerts.ring_seconds, now)
        self.side.claims.configure(settings.answering.claim_as)
        self.side.tags.configure(shares=settings.answering.share_tags)
        self._lifts.configure(settings.lift)
        self._absence.keep(self._sources_to_wait_for())
        self.promises.configure(settings.alerts.opening_hours)
        self._alerts.configure(settings, now)

    def _follow_snoozes(self) -> None:
        self.inbox.put_off(self.side.snooze.asleep(), self.side.snooze.come_back())

    def _sources_to_wait_for(self) -> list[SourceName]:
        names = [one.name for one in self._settings.mail]
        return names + [one.name for one in self._settings.phone if one.kind is not PhoneKind.HOOK]

    def _turn(self, now: datetime, changed: frozenset[Area]) -> Turn:
        self._alerts.reconcile(now)
        self._note_awake(now)
        notices = self._book.take_notices()
        if any(not isinstance(notice, Happened) for notice in notices):
            changed |= {Area.ALERTS}
        return Turn(notices=notices, changed=changed)

    def _note_awake(self, now: datetime) -> None:
        noted_at = self._awake_noted_at
        if noted_at is None or abs(now - noted_at) >= _AWAKE_IS_NOTED_EVERY:
            self._store.save_last_heard(now)
            self.calls.awake(now)
            self._awake_noted_at = now

    def _whom(self, key: str) -> str:
        """Whom a mail or a call is from; empty when its ledger key is not known any more."""
        call, message = self.calls.call(key), self.inbox.message(key)
        if call is not None:
            return fit(call.label, _WHOM_ROOM)
        return "" if message is None else fit(self.people.name_of(message.sender), _WHOM_ROOM)


def _always_listening(name: SourceName, now: datetime) -> SourceHealth:
    return SourceHealth(
        source=name, kind=SourceKind.PHONE, hearing=Hearing.LISTENING, since=now, last_heard_at=now
    )
