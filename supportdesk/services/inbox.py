"""The inbox as people who wait: messages folded into conversations, longest waiting first.

Knows the newest messages of each account (`limit`); older ones are history that nobody looks at.
News = a message that came after the founder connected the mailbox and that the ledger has not seen:
each is returned once, whatever the reconnects, restarts and new UIDVALIDITYs (F3, F4).
"""

import heapq
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, assert_never

from supportdesk.domain.events import MailboxOpened, MessageChanged, MessageGone, MessagesArrived
from supportdesk.domain.health import SourceName
from supportdesk.domain.mail import Conversation, MessageSummary, mail_key
from supportdesk.domain.silence import is_test_mail
from supportdesk.domain.waiting import Standing
from supportdesk.services.conversations import Conversations, LongWait, Marks
from supportdesk.services.ports import Baseline, DeskStore

if TYPE_CHECKING:
    from supportdesk.services.forgetting import Forgotten

MailEvent = MailboxOpened | MessagesArrived | MessageChanged | MessageGone

DEFAULT_LIMIT = 2_000
GONE = "it left the mailbox"


class Inbox:
    """All mail accounts together. `key` is the ledger key of a message throughout."""

    def __init__(self, store: DeskStore, *, limit: int = DEFAULT_LIMIT) -> None:
        self._store = store
        self._limit = limit
        self._marks = Marks()
        self._conversations = Conversations(self._marks)
        self._by_age: dict[SourceName, list[tuple[datetime, str]]] = {}
        self._baselines: dict[tuple[SourceName, str], Baseline] = {}
        self._seen_from_the_start: set[str] = set()
        # How the messages of each split and join of this run were filed before; "" for not at all.
        self._regrouped: list[dict[str, str]] = []

    def restore(self, messages: Iterable[MessageSummary], now: datetime) -> list[MessageSummary]:
        """Take up what mail.db and desk.db know; return what came unnoticed, as news."""
        marks = self._marks
        marks.read |= self._store.read_keys()
        marks.closed |= self._store.needs_no_reply_keys()
        marks.filed |= self._store.filed_by_hand()
        marks.judged |= self._store.judged_senders()
        return self._arrived(messages, now)

    def apply(self, event: MailEvent, now: datetime) -> list[MessageSummary]:
        """Fold an event in; return the news in it."""
        match event:
            case MailboxOpened():
                self._opened(event)
            case MessagesArrived():
                return self._arrived(event.messages, now)
            case MessageChanged():
                return self._arrived((event.message,), now)
            case MessageGone():
                self._went(event)
            case _:
                assert_never(event)
        return []

    def forget(self, account: SourceName) -> None:
        """The account left the settings."""
        for message in self._conversations:
            if message.account == account:
                self._drop(message.key)
                self._marks.history.discard(message.key)
        self._by_age.pop(account, None)

    def forget_person(self, who: "Forgotten") -> None:
        """Their mail was deleted here; no split or join of before can be taken back."""
        marks = self._marks
        for message in self._conversations:
            recipients = (one.email for one in message.recipients)
            is_outgoing = message.is_ours or message.is_sent_copy
            if who.wrote_or_got(message.sender.email, recipients, is_outgoing=is_outgoing):
                self._drop(message.key)
                for keys in (marks.read, marks.closed, marks.history):
                    keys.discard(message.key)
                marks.filed.pop(message.key, None)
        for email in who.emails:
            marks.judged.pop(email, None)
        self._regrouped.clear()

    # --- what is known -----------------------------------------------------------------

    def message(self, key: str) -> MessageSummary | None:
        return self._conversations.message(key)

    def mailbox_of(self, key: str) -> str:
        """Where a message lies; empty when it is not there, or nowhere in particular."""
        message = self.message(key)
        return message.address.mailbox if message is not None else ""

    def conversation(self, key: str) -> Conversation | None:
        """The conversation that a message belongs to."""
        return self._conversations.of(key)

    def conversations(self) -> tuple[Conversation, ...]:
        """Longest waiting first, then the others, newest first (F44)."""
        return self._conversations.listed()

    def conversations_with(self, email: str) -> list[Conversation]:
        """Those with one customer, in no order."""
        return self._conversations.with_customer(email)

    def is_apart(self, key: str) -> bool:
        """`set_apart` was done with it, or the founder closed it themselves."""
        return key in self._marks.closed

    def is_unread(self, key: str) -> bool:
        """It is there, came from outside, and the founder has not had it open."""
        message = self.message(key)
        return message is not None and self._conversations.is_unread(message)

    def unread(self) -> list[MessageSummary]:
        """All such messages, in no order."""
        return [message for message in self._conversations if self.is_unread(message.key)]

    def unanswered(self, key: str) -> tuple[MessageSummary, ...]:
        """Customers' messages in the conversation of this one that wait, oldest first."""
        return self._conversations.standing_of(key).waiting

    def waiting(self) -> tuple[Conversation, ...]:
        """Those who wait, longest first."""
        return self.conversations()[: self.people_waiting]

    @property
    def people_waiting(self) -> int:
        """How many rows of `conversations` wait (F10)."""
        return self._conversations.waiting_count

    def long_waits(self) -> list[LongWait]:
        """Conversations that wait and have news in them, in no order."""
        return self._conversations.long_waits()

    def joinable(self, key: str) -> Conversation | None:
        """The newest other conversation with the same customer, which this one could join."""
        mine = self.conversation(key)
        if mine is None:
            return None
        others = [
            one
            for one in self.conversations_with(mine.customer.email)
            if one.account == mine.account and one.key != mine.key
        ]
        return max(others, key=lambda one: one.newest_at, default=None)

    def judgement_of(self, email: str) -> bool | None:
        """Whether the founder said that a machine writes from here; None when they said nothing."""
        return self._marks.judged.get(email.casefold())

    def why_over(self, key: str) -> str:
        """Why an alert for this message has no point any more; empty while it has."""
        handled = self.why_handled(key)
        message = self.message(key)
        if message is None or handled:
            return handled
        is_old_news = key in self._seen_from_the_start or key in self._marks.come_back
        is_seen = message.is_seen and not is_old_news
        return "read elsewhere" if is_seen else ""

    def why_handled(self, key: str) -> str:
        """As `why_over`, but a colleague's reading does not count: the customer still waits."""
        if key not in self._conversations:
            return GONE
        if key in self._marks.read and key not in self._marks.come_back:
            return "read here"
        current = self._conversations.standing_of(key)
        if current.waiting and current.waiting[-1].key in self._marks.put_off:
            return "put off"
        if any(waiting.key == key for waiting in current.waiting):
            return ""
        return self._how_closed(key, current)

    # --- the founder's acts -------------------------------------------------------------

    def read(self, key: str, now: datetime) -> None:
        """This message was read, and with it what came before it in the conversation."""
        self._mark_read(key, now)
        if key not in self._conversations:
            return
        for message in self._conversations.up_to(key):
            if self._conversations.is_unread(message):
                self._mark_read(message.key, now)
        self._conversations.refresh(key)

    def put_off(self, asleep: Mapping[str, datetime], come_back: Iterable[str]) -> None:
        """All that sleep, by the customer's newest message, and all whose time has come (F49)."""
        marks, back = self._marks, set(come_back)
        touched = {key for key, _ in marks.put_off.items() ^ asleep.items()}
        touched |= marks.come_back ^ back
        marks.put_off.clear()
        marks.put_off.update(asleep)
        marks.come_back.clear()
        marks.come_back.update(back)
        for key in touched:
            self._conversations.refresh(key)

    def needs_no_reply(self, key: str, now: datetime) -> None:
        self._marks.closed.add(key)
        self._store.set_needs_no_reply(key, now)
        self._conversations.refresh(key)

    def undo_needs_no_reply(self, key: str) -> None:
        self._marks.closed.discard(key)
        self._store.clear_needs_no_reply(key)
        self._conversations.refresh(key)

    def split(self, key: str, now: datetime) -> None:
        """From this message on it is another conversation (F54)."""
        if key in self._conversations:
            later = self._conversations.from_on(key)
            self._file_by_hand([one.key for one in later], key, now)

    def set_apart(self, key: str, now: datetime) -> None:
        """A colleague's word on a customer's mail: alone, read, and nobody waits for an answer."""
        if key in self._conversations:
            self._refile({key: key}, now)
            self.needs_no_reply(key, now)
            self._mark_read(key, now)
            self._conversations.refresh(key)

    def join(self, key: str, other: str, now: datetime) -> None:
        """The conversations of these two messages are one."""
        mine, theirs = self.conversation(key), self.conversation(other)
        if mine is None or theirs is None:
            return
        keys = [one.key for one in (*mine.messages, *theirs.messages)]
        name = next((self._marks.filed[one] for one in keys if one in self._marks.filed), keys[0])
        self._file_by_hand(keys, name, now)

    def undo_regrouping(self, now: datetime) -> None:
        """Take back the last split or join of this run that is not yet taken back."""
        if self._regrouped:
            self._refile(self._regrouped.pop(), now)

    def judge_sender(self, email: str, now: datetime, *, is_robot: bool | None) -> None:
        """A machine or a person writes from this address; None: as the mail itself says (F57)."""
        email = email.casefold()
        if is_robot is None:
            self._marks.judged.pop(email, None)
            self._store.clear_judged_sender(email)
        else:
            self._marks.judged[email] = is_robot
            self._store.judge_sender(email, now, is_robot=is_robot)
        self._conversations.judge_again(email)

    def _file_by_hand(self, keys: list[str], name: str, now: datetime) -> None:
        self._regrouped.append({key: self._marks.filed.get(key, "") for key in keys})
        self._refile(dict.fromkeys(keys, name), now)

    def _refile(self, filing: dict[str, str], now: datetime) -> None:
        for key, name in filing.items():
            if name:
                self._marks.filed[key] = name
                self._store.file_by_hand(key, name, now)
            else:
                self._marks.filed.pop(key, None)
                self._store.clear_filed_by_hand(key)
        self._conversations.regroup(key for key in filing if key in self._conversations)
        self._keep_inherited(now)

    def _keep_inherited(self, now: datetime) -> None:
        for key, name in self._conversations.take_inherited().items():
            self._store.file_by_hand(key, name, now)

    def _mark_read(self, key: str, now: datetime) -> None:
        if key not in self._marks.read:
            self._marks.read.add(key)
            self._store.mark_read(key, now)

    # --- folding ------------------------------------------------------------------------

    def _opened(self, event: MailboxOpened) -> None:
        """The first time, or for another user under the same name, what is there is history."""
        known = self._baseline(event.account, event.mailbox)
        if known is not None and known.user in ("", event.user):
            self._save_baseline(replace(known, user=event.user, host=event.host))
            return
        if known is not None:
            self._forget_mailbox(event.account, event.mailbox)
        self._save_baseline(
            Baseline(
                account=event.account,
                mailbox=event.mailbox,
                uidvalidity=event.uidvalidity,
                uidnext=event.uidnext,
                at=event.at,
                user=event.user,
                host=event.host,
            )
        )

    def _save_baseline(self, baseline: Baseline) -> None:
        key = (baseline.account, baseline.mailbox)
        if self._baselines.get(key) != baseline:
            self._store.save_baseline(baseline)
            self._baselines[key] = baseline

    def _forget_mailbox(self, account: SourceName, mailbox: str) -> None:
        """Its messages were somebody else's."""
        for message in self._conversations:
            if (message.account, message.address.mailbox) == (account, mailbox):
                self._drop(message.key)
                self._marks.history.discard(message.key)

    def _arrived(self, messages: Iterable[MessageSummary], now: datetime) -> list[MessageSummary]:
        unknown: dict[str, MessageSummary] = {}
        changed: dict[str, MessageSummary] = {}
        for message in messages:
            if is_test_mail(message):
                continue
            group = changed if message.key in self._conversations else unknown
            known = group.get(message.key) or self._conversations.message(message.key)
            group[message.key] = _merged(known, message)
        news = self._news(unknown.values(), now)
        filed = []
        for key, message in unknown.items():
            if key in news:
                filed.append(self._kept(message, by=now))
                if message.is_seen:
                    self._seen_from_the_start.add(key)
            elif self._is_too_old(message):
                self._marks.history.discard(key)
            else:
                filed.append(self._kept(message, by=message.arrived_at))
        self._conversations.put([*changed.values(), *filed])
        self._keep_inherited(now)
        told = [one for key in news if (one := self._conversations.message(key)) is not None]
        self._evict()
        return told

    def _news(self, messages: Iterable[MessageSummary], now: datetime) -> dict[str, MessageSummary]:
        """Enter what is not history into the ledger; what it had not seen before is news."""
        candidates: dict[str, MessageSummary] = {}
        for message in messages:
            if self._is_history(message):
                self._marks.history.add(message.key)
            elif not message.is_sent_copy:
                candidates[message.key] = message
        told = self._store.tell(candidates, now) if candidates else []
        return {key: candidates[key] for key in told}

    def _is_history(self, message: MessageSummary) -> bool:
        baseline = self._baseline(message.account, message.address.mailbox)
        if baseline is None or message.key in self._marks.history:
            return True
        if message.address.uidvalidity == baseline.uidvalidity:
            return message.address.uid < baseline.uidnext
        return message.arrived_at < baseline.at

    def _baseline(self, account: SourceName, mailbox: str) -> Baseline | None:
        known = self._baselines.get((account, mailbox))
        if known is None:
            known = self._store.baseline(account, mailbox)
            if known is not None:
                self._baselines[account, mailbox] = known
        return known

    def _is_too_old(self, message: MessageSummary) -> bool:
        by_age = self._by_age.get(message.account, [])
        return len(by_age) >= self._limit and message.arrived_at < by_age[0][0]

    def _kept(self, message: MessageSummary, *, by: datetime) -> MessageSummary:
        """News is kept by when we heard of it: a moved old message must not fall out at once."""
        heapq.heappush(self._by_age.setdefault(message.account, []), (by, message.key))
        return message

    def _went(self, event: MessageGone) -> None:
        """Only from where we know it to be: a message moved is told of at its new place first."""
        key = mail_key(event.account, event.message_id)
        known = self._conversations.message(key)
        if known is not None and known.address == event.address:
            self._drop(key)

    def _drop(self, key: str) -> None:
        self._conversations.drop(key)
        self._seen_from_the_start.discard(key)

    def _evict(self) -> None:
        for by_age in self._by_age.values():
            while len(by_age) > self._limit:
                _, key = heapq.heappop(by_age)
                self._marks.history.discard(key)
                if key in self._conversations:
                    self._drop(key)

    def _how_closed(self, key: str, current: Standing) -> str:
        if key in self._marks.closed:
            return "needs no reply"
        if current.answer is not None and current.answer.by:
            return f"answered by {current.answer.by}"
        return "answered"


def _merged(known: MessageSummary | None, message: MessageSummary) -> MessageSummary:
    """A copy of our own message in the inbox stays ours, even from an alias we do not know."""
    if known is not None and known.is_sent_copy and not message.is_sent_copy:
        return replace(message, is_sent_copy=True)
    return message
