"""What the team lifts to the founder, by mail and by phone (F84).

A lift is open until the founder has seen it, it was taken back, or somebody else took care of it.
Who may lift was decided where it was heard: nothing comes here that anybody outside could send.
"""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

from supportdesk.domain.calls import Outcome, call_key
from supportdesk.domain.errors import StoreError
from supportdesk.domain.health import SourceName
from supportdesk.domain.lift_events import CallLifted, LiftMarksSeen, LiftTold, MailLifted
from supportdesk.domain.lifts import Lift, LiftWay, lift_key, own_words
from supportdesk.domain.mail import MessageSummary, mail_key
from supportdesk.domain.settings import LiftSettings
from supportdesk.domain.waiting import core_subject, is_from_customer
from supportdesk.services.calls_board import CallsBoard
from supportdesk.services.inbox import GONE, Inbox
from supportdesk.services.lift_store import LiftStore
from supportdesk.services.ports import DeskStore

_SAME_SUBJECT_FOR = timedelta(days=14)
_FLAGS_LOOKED_AT = f"lift/{LiftWay.FLAG.value}/looked/"
_MORE_FLAGS = f"lift/{LiftWay.FLAG.value}/more/"


class Lifts:
    """All lifts that are kept. What the founder does raises StoreError; the rest goes on."""

    def __init__(
        self,
        store: LiftStore,
        ledger: DeskStore,
        inbox: Inbox,
        calls: CallsBoard,
    ) -> None:
        """`ledger` knows whose flags were looked at before: the first look finds history."""
        self._store = store
        self._ledger = ledger
        self._inbox = inbox
        self._calls = calls
        self._settings = LiftSettings()
        self._lifts: dict[str, Lift] = {}
        self._of_item: dict[str, list[str]] = {}
        self._carriers: dict[str, str] = {}
        # What an operator's mail says that it is about, until that is found.
        self._about: dict[str, tuple[str, ...]] = {}
        # Accounts of which all flags were seen at the last look of this run.
        self._sees_all_flags: set[SourceName] = set()

    def configure(self, settings: LiftSettings) -> None:
        self._settings = settings

    def restore(self) -> None:
        """Take up those of desk.db; those known before are forgotten."""
        self._lifts.clear()
        self._of_item.clear()
        self._carriers.clear()
        for lift in self._store.lifts():
            self._know(lift)

    # --- what is known ------------------------------------------------------------------

    def lift(self, key: str) -> Lift | None:
        return self._lifts.get(key)

    def of(self, items: Iterable[str]) -> Lift | None:
        """The newest lift of these mails and calls that was not taken back."""
        found = (self._lifts[key] for item in items for key in self._of_item.get(item, ()))
        return max(
            (lift for lift in found if lift.ended_at is None), key=lambda one: one.at, default=None
        )

    def is_lifted(self, item: str) -> bool:
        """Somebody asks the founder for it, and they have not seen it yet."""
        lift = self.of([item])
        return lift is not None and not self.why_over(lift)

    def is_carrier(self, key: str) -> bool:
        """The message is an operator's own mail, which lifted another one."""
        return key in self._carriers

    def items(self) -> tuple[str, ...]:
        """Mails and calls that are lifted, seen or not."""
        return tuple(
            item for item, keys in self._of_item.items() if keys and self.of([item]) is not None
        )

    def carried_by(self, key: str) -> Lift | None:
        """What an operator's own mail lifted."""
        return self._lifts.get(self._carriers.get(key, ""))

    def thanked_by(self, draft_id: str, answers: str) -> Lift | None:
        """For what this message thanks.

        Args:
            draft_id: Of the message.
            answers: Key of what it answers or forwards; empty for a new message.
        """
        begun = (one for one in self._lifts.values() if draft_id and one.thanks_draft == draft_id)
        return next(begun, None) or self.carried_by(answers) or self.of([answers])

    def open(self) -> tuple[Lift, ...]:
        """Those that wait for the founder, the first one first."""
        waiting = [lift for lift in self._lifts.values() if not self.why_over(lift)]
        return tuple(sorted(waiting, key=lambda one: (not one.way.is_call, one.at, one.key)))

    def why_over(self, lift: Lift) -> str:
        """Why nobody has to be told of it any more; empty while somebody has."""
        if lift.ended_at is not None:
            return "taken back"
        if lift.thanked_at is not None:
            return "you thanked them"
        if lift.seen_at is not None:
            return "seen here"
        return self._why_call_over(lift) if lift.way.is_call else self._why_mail_over(lift)

    # --- what is told -------------------------------------------------------------------

    def fold(self, event: LiftTold, now: datetime) -> tuple[Lift, ...]:
        """Take in what a server or a phone told; those that are new."""
        match event:
            case CallLifted():
                return self._call_lifted(event)
            case MailLifted():
                return self._mail_lifted(event)
            case LiftMarksSeen():
                return self._marks_seen(event, now)
            case _:
                return ()

    def mail_comes(self, messages: Iterable[MessageSummary], now: datetime) -> None:
        """These are new or changed, and the inbox does not have them yet.

        What an operator's mail is about is found once it is here, and their words once it was
        read; what was moved back is not meant any more.
        """
        for message in messages:
            key = self._carriers.get(message.key)
            if key is not None:
                self._read_carrier(self._lifts[key], message)
            moved = self._lifts.get(lift_key(LiftWay.MAILBOX, message.key))
            is_there = message.address.mailbox == self._settings.mailbox
            is_left = moved is not None and self._inbox.mailbox_of(message.key) != ""
            if moved is not None and moved.ended_at is None and is_left and not is_there:
                self._keep(replace(moved, ended_at=now))

    # --- what the founder does ----------------------------------------------------------

    def seen(self, items: Iterable[str], now: datetime) -> bool:
        """They have it open, or put its card away; True if anything was still to be seen."""
        unseen = [
            lift
            for item in items
            for lift in map(self._lifts.__getitem__, self._of_item.get(item, ()))
            if lift.seen_at is None
        ]
        for lift in unseen:
            self._keep(replace(lift, seen_at=now))
        return bool(unseen)

    def thanks_begun(self, key: str, draft_id: str) -> None:
        """Thanks for a call are written: a message that answers none does not say for what."""
        self._save(replace(self._lifts[key], thanks_draft=draft_id))

    def thanked(self, key: str, now: datetime) -> Lift | None:
        """The operator was answered; how the lift was before."""
        lift = self._lifts.get(key)
        if lift is not None:
            self._save(replace(lift, thanked_at=now, seen_at=lift.seen_at or now))
        return lift

    # --- by phone -----------------------------------------------------------------------

    def _call_lifted(self, event: CallLifted) -> tuple[Lift, ...]:
        item = call_key(event.source, event.call_id)
        lift = Lift(
            key=lift_key(event.way, item),
            item=item,
            contact=event.number,
            by=event.by,
            why=own_words(event.why),
            by_address=self._address_of(event.by),
            way=event.way,
            at=event.at,
        )
        known = self._lifts.get(lift.key)
        if known is None:
            self._keep(lift)
            return (lift,)
        more = replace(known, by=lift.by or known.by, why=lift.why or known.why)
        if more != known:
            self._keep(more)
        return ()

    def _why_call_over(self, lift: Lift) -> str:
        call = self._calls.call(lift.item)
        if call is None or (call.closed_at is not None and call.outcome is not Outcome.TAKEN):
            return "the call is over"
        if call.outcome is Outcome.TAKEN:
            return "you took it"
        if call.outcome is Outcome.ANSWERED and lift.way is LiftWay.QUEUE:
            return f"answered by {call.by or 'somebody'}"
        return "" if call.is_going_on else "the call is over"

    # --- by mail ------------------------------------------------------------------------

    def _mail_lifted(self, event: MailLifted) -> tuple[Lift, ...]:
        message = mail_key(event.source, event.message_id)
        key = lift_key(event.way, message)
        known = self._lifts.get(key)
        if known is not None and known.ended_at is None:
            return ()
        is_carried = event.way is LiftWay.ADDRESS
        about = tuple(mail_key(event.source, one) for one in event.about)
        lift = Lift(
            key=key,
            item=message,
            by=event.by,
            by_address=event.by_address,
            way=event.way,
            at=event.at,
            carrier=message if is_carried else "",
        )
        self._about[key] = about
        there = self._inbox.message(message)
        lift = self._meant(lift, there) if is_carried else self._with_contact(lift)
        self._keep(lift)
        return (lift,)

    def _read_carrier(self, lift: Lift, message: MessageSummary) -> None:
        better = self._meant(lift, message) if lift.item == lift.carrier else lift
        if message.preview and not lift.why:
            better = replace(better, why=own_words(message.preview))
        if better != lift:
            self._keep(better)

    def _meant(self, lift: Lift, carrier: MessageSummary | None) -> Lift:
        """With the customer's mail as its item, if it can be told which."""
        named = [*self._about.get(lift.key, ())]
        if carrier is not None:
            named += [mail_key(carrier.account, one) for one in reversed(carrier.references)]
        known = (self._inbox.message(one) for one in named)
        found = next((one for one in known if one is not None and is_from_customer(one)), None)
        if found is None and carrier is not None:
            found = self._of_same_subject(carrier)
        if found is None:
            return lift
        return replace(lift, item=found.key, contact=found.sender.email.casefold())

    def _of_same_subject(self, carrier: MessageSummary) -> MessageSummary | None:
        """What was forwarded without a reference, if only one conversation can be meant."""
        subject = core_subject(carrier.subject)
        if not subject:
            return None
        found = [
            one
            for one in self._inbox.conversations()
            if one.account == carrier.account
            and one.key != carrier.key
            and core_subject(one.subject) == subject
            and abs(carrier.sent_at - one.newest_at) < _SAME_SUBJECT_FOR
        ]
        return self._inbox.message(found[0].key) if len(found) == 1 else None

    def _with_contact(self, lift: Lift) -> Lift:
        message = self._inbox.message(lift.item)
        return lift if message is None else replace(lift, contact=message.sender.email.casefold())

    def _why_mail_over(self, lift: Lift) -> str:
        conversation = self._inbox.conversation(lift.item)
        if conversation is None:
            return GONE
        answer = conversation.answer
        if answer is not None and answer.at > lift.at:
            return f"answered by {answer.by or 'somebody'}"
        return ""

    # --- by a mark on the server --------------------------------------------------------

    def _marks_seen(self, event: LiftMarksSeen, now: datetime) -> tuple[Lift, ...]:
        words = {mail_key(event.source, one): name for one, name in sorted(event.keywords)}
        flagged = {mail_key(event.source, one): "" for one in event.flagged or ()}
        new = self._new_marks(LiftWay.KEYWORD, words if self._settings.keyword else {}, now)
        sees_flags = self._settings.flag and event.flagged is not None
        if sees_flags:
            new += self._new_flags(event, flagged, now)
        marked = {LiftWay.KEYWORD: words} if event.is_whole else {}
        if event.is_flags_whole and event.flagged is not None:
            marked[LiftWay.FLAG] = flagged
        self._end_unmarked(event, marked, now)
        if sees_flags:
            self._note_flags_seen(event, now)
        return tuple(new)

    def _new_flags(
        self, event: LiftMarksSeen, flagged: Mapping[str, str], now: datetime
    ) -> list[Lift]:
        """What was flagged before the founder wished to hear of it is history.

        Of very many flags only the newest are looked at: older ones come up as those go.
        """
        looked, more = _FLAGS_LOOKED_AT + event.source, _MORE_FLAGS + event.source
        known = self._ledger.told([looked, more])
        history = set(flagged) if looked not in known else set[str]()
        if more in known and event.source not in self._sees_all_flags:
            history |= self._below_all_known(event, flagged)
        for lift in self._marked(LiftWay.FLAG, {item: "" for item in history}, now):
            self._keep(replace(lift, seen_at=now, ended_at=now))
        new = {item: name for item, name in flagged.items() if item not in history}
        return self._new_marks(LiftWay.FLAG, new, now)

    def _note_flags_seen(self, event: LiftMarksSeen, now: datetime) -> None:
        """Last of all: the ledger begins the turn, and lifts are kept before it."""
        seen = [_FLAGS_LOOKED_AT + event.source]
        if event.is_flags_whole:
            self._sees_all_flags.add(event.source)
        else:
            self._sees_all_flags.discard(event.source)
            seen.append(_MORE_FLAGS + event.source)
        self._ledger.tell(seen, now)

    def _below_all_known(self, event: LiftMarksSeen, flagged: Iterable[str]) -> set[str]:
        known = [one.item for one in self._lifts.values() if one.way is LiftWay.FLAG]
        lowest = min(self._uids(event, known).values(), default=0)
        return {item for item, uid in self._uids(event, flagged).items() if uid < lowest}

    def _uids(self, event: LiftMarksSeen, items: Iterable[str]) -> dict[str, int]:
        """Of those that are known to lie in the mailbox of the event."""
        place = (event.source, event.mailbox)
        known = (self._inbox.message(item) for item in items)
        return {
            one.key: one.address.uid
            for one in known
            if one is not None and (one.account, one.address.mailbox) == place
        }

    def _new_marks(self, way: LiftWay, marked: Mapping[str, str], now: datetime) -> list[Lift]:
        new = self._marked(way, marked, now)
        for lift in new:
            self._keep(lift)
        return new

    def _marked(self, way: LiftWay, marked: Mapping[str, str], now: datetime) -> list[Lift]:
        """A lift for each that is not known to be lifted in this way."""
        return [
            self._with_contact(
                Lift(
                    key=lift_key(way, item),
                    item=item,
                    by=self._name_of(name),
                    by_address=self._address_of(name),
                    way=way,
                    at=now,
                )
            )
            for item, name in marked.items()
            if lift_key(way, item) not in self._lifts
        ]

    def _end_unmarked(
        self, event: LiftMarksSeen, marked: Mapping[LiftWay, Mapping[str, str]], now: datetime
    ) -> None:
        """One that is marked no more was taken back, and can be lifted anew."""
        for lift in list(self._lifts.values()):
            message = self._inbox.message(lift.item)
            is_unmarked = lift.item not in marked.get(lift.way, (lift.item,))
            place = None if message is None else (message.account, message.address.mailbox)
            if is_unmarked and place == (event.source, event.mailbox):
                self._forget_mark(lift, now)

    def _forget_mark(self, lift: Lift, now: datetime) -> None:
        self._keep(replace(lift, ended_at=lift.ended_at or now))
        del self._lifts[lift.key]
        self._of_item[lift.item].remove(lift.key)

    def _name_of(self, mark: str) -> str:
        return next((one.label for one in self._settings.people if one.mark == mark), mark.title())

    def _address_of(self, name: str) -> str:
        """Of an operator who is called so."""
        wanted = name.casefold()
        return next(
            (
                one.email
                for one in self._settings.people
                if wanted in (one.mark, one.label.casefold())
            ),
            "",
        )

    # --- inside -------------------------------------------------------------------------

    def _keep(self, lift: Lift) -> None:
        """What was told is known also where the disk does not take it."""
        with suppress(StoreError):
            self._store.save_lift(lift)
        self._know(lift)

    def _save(self, lift: Lift) -> None:
        self._store.save_lift(lift)
        self._know(lift)

    def _know(self, lift: Lift) -> None:
        known = self._lifts.get(lift.key)
        if known is not None and known.item != lift.item:
            self._of_item[known.item].remove(lift.key)
        self._lifts[lift.key] = lift
        keys = self._of_item.setdefault(lift.item, [])
        if lift.key not in keys:
            keys.append(lift.key)
        if lift.carrier:
            self._carriers[lift.carrier] = lift.key
