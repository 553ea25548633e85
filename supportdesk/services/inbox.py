"""The inbox as people who wait: messages folded into conversations, longest waiting first.

Knows the newest messages of each account (`limit`); older ones are history that nobody looks at.
News = a message that came after the founder connected the mailbox and that the ledger has not seen:
each is returned once, whatever the reconnects, restarts and new UIDVALIDITYs (F3, F4).
"""

import heapq
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import assert_never

from supportdesk.domain.events import MailboxOpened, MessageChanged, MessageGone, MessagesArrived
from supportdesk.domain.health import SourceName
from supportdesk.domain.mail import Conversation, MessageSummary, mail_key
from supportdesk.domain.waiting import (
    Standing,
    is_from_customer,
    moment,
    standing,
    without_prefixes,
)
from supportdesk.services.ports import Baseline, DeskStore
from supportdesk.services.threads import Thread, ThreadIndex

MailEvent = MailboxOpened | MessagesArrived | MessageChanged | MessageGone

DEFAULT_LIMIT = 2_000
GONE = "it left the mailbox"


@dataclass(frozen=True, slots=True, kw_only=True)
class LongWait:
    """A conversation that waits, as far as it is news to the founder.

    Attributes:
        first_key: The message since which it waits; names the waiting.
        covers: Its waiting messages, oldest first.
    """

    conversation: Conversation
    first_key: str
    since: datetime
    covers: tuple[str, ...]


class Inbox:
    """All mail accounts together. `key` is the ledger key of a message throughout."""

    def __init__(self, store: DeskStore, *, limit: int = DEFAULT_LIMIT) -> None:
        self._store = store
        self._limit = limit
        self._index = ThreadIndex()
        self._messages: dict[str, MessageSummary] = {}
        self._threads: dict[str, Thread] = {}
        self._standings: dict[Thread, Standing] = {}
        self._views: dict[Thread, Conversation] = {}
        self._listed: tuple[Conversation, ...] | None = None
        self._by_age: dict[SourceName, list[tuple[datetime, str]]] = {}
        self._baselines: dict[tuple[SourceName, str], Baseline] = {}
        self._history: set[str] = set()
        self._seen_from_the_start: set[str] = set()
        self._read: set[str] = set()
        self._closed: set[str] = set()

    def restore(self, messages: Iterable[MessageSummary], now: datetime) -> list[MessageSummary]:
        """Take up what mail.db and desk.db know; return what came unnoticed, as news."""
        self._read = self._store.read_keys()
        self._closed = self._store.needs_no_reply_keys()
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
        for key, message in list(self._messages.items()):
            if message.account == account:
                self._drop(key)
                self._history.discard(key)
        self._by_age.pop(account, None)

    # --- what is known -----------------------------------------------------------------

    def message(self, key: str) -> MessageSummary | None:
        return self._messages.get(key)

    def conversation(self, key: str) -> Conversation | None:
        """The conversation that a message belongs to."""
        thread = self._threads.get(key)
        return None if thread is None else self._view(thread)

    def conversations(self) -> tuple[Conversation, ...]:
        """Longest waiting first, then the others, newest first (F44)."""
        if self._listed is None:
            views = [self._view(thread) for thread in self._standings]
            shown = [view for view in views if view.key]
            waiting = [view for view in shown if view.waiting_since is not None]
            others = [view for view in shown if view.waiting_since is None]
            waiting.sort(key=lambda view: (view.waiting_since, view.key))
            others.sort(key=lambda view: view.newest_at, reverse=True)
            self._listed = (*waiting, *others)
        return self._listed

    def waiting(self) -> tuple[Conversation, ...]:
        """Those who wait, longest first."""
        listed = self.conversations()
        return listed[: self.people_waiting]

    @property
    def people_waiting(self) -> int:
        """How many rows of `conversations` wait (F10)."""
        return sum(1 for one in self._standings.values() if one.waiting)

    def long_waits(self) -> list[LongWait]:
        """Conversations that wait and have news in them, in no order."""
        waits = []
        for thread, current in self._standings.items():
            news = [one.key for one in current.waiting if one.key not in self._history]
            if news:
                waits.append(
                    LongWait(
                        conversation=self._view(thread),
                        first_key=news[0],
                        since=moment(current.waiting[0]),
                        covers=tuple(news),
                    )
                )
        return waits

    def why_over(self, key: str) -> str:
        """Why an alert for this message has no point any more; empty while it has."""
        handled = self.why_handled(key)
        if not handled and self._messages[key].is_seen and key not in self._seen_from_the_start:
            return "read elsewhere"
        return handled

    def why_handled(self, key: str) -> str:
        """As `why_over`, but a colleague's reading does not count: the customer still waits."""
        if key not in self._messages:
            return GONE
        if key in self._read:
            return "read here"
        current = self._standings[self._threads[key]]
        if any(waiting.key == key for waiting in current.waiting):
            return ""
        return self._how_closed(key, current)

    # --- the founder's acts -------------------------------------------------------------

    def read(self, key: str, now: datetime) -> None:
        """This message was read, and with it what came before it in the conversation."""
        self._mark_read(key, now)
        thread = self._threads.get(key)
        if thread is None:
            return
        limit = moment(self._messages[key])
        for message in thread.messages.values():
            if moment(message) <= limit and self._is_unread(message):
                self._mark_read(message.key, now)
        self._refresh(thread)

    def needs_no_reply(self, key: str, now: datetime) -> None:
        self._closed.add(key)
        self._store.set_needs_no_reply(key, now)
        self._refresh_key(key)

    def undo_needs_no_reply(self, key: str) -> None:
        self._closed.discard(key)
        self._store.clear_needs_no_reply(key)
        self._refresh_key(key)

    def _mark_read(self, key: str, now: datetime) -> None:
        if key not in self._read:
            self._read.add(key)
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
        for key, message in list(self._messages.items()):
            if (message.account, message.address.mailbox) == (account, mailbox):
                self._drop(key)
                self._history.discard(key)

    def _arrived(self, messages: Iterable[MessageSummary], now: datetime) -> list[MessageSummary]:
        unknown: dict[str, MessageSummary] = {}
        touched: dict[Thread, None] = {}
        for message in messages:
            if message.key in self._messages:
                touched[self._replace(message)] = None
            else:
                unknown[message.key] = _merged(unknown.get(message.key), message)
        news = self._news(unknown.values(), now)
        for key, message in unknown.items():
            if key in news:
                self._file(message, touched, kept_by=now)
                if message.is_seen:
                    self._seen_from_the_start.add(key)
            elif self._is_too_old(message):
                self._history.discard(key)
            else:
                self._file(message, touched, kept_by=message.arrived_at)
        for thread in touched:
            self._refresh(thread)
        self._evict()
        return list(news.values())

    def _news(self, messages: Iterable[MessageSummary], now: datetime) -> dict[str, MessageSummary]:
        """Enter what is not history into the ledger; what it had not seen before is news."""
        candidates: dict[str, MessageSummary] = {}
        for message in messages:
            if self._is_history(message):
                self._history.add(message.key)
            elif not message.is_sent_copy:
                candidates[message.key] = message
        told = self._store.tell(candidates, now) if candidates else []
        return {key: candidates[key] for key in told}

    def _is_history(self, message: MessageSummary) -> bool:
        baseline = self._baseline(message.account, message.address.mailbox)
        if baseline is None or message.key in self._history:
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

    def _file(
        self, message: MessageSummary, touched: dict[Thread, None], *, kept_by: datetime
    ) -> None:
        """News is kept by when we heard of it: a moved old message must not fall out at once."""
        thread, absorbed = self._index.add(message)
        for other in absorbed:
            touched.pop(other, None)
            self._forget_view(other)
            for one in other.messages.values():
                self._threads[one.key] = thread
        self._messages[message.key] = message
        self._threads[message.key] = thread
        touched[thread] = None
        heapq.heappush(self._by_age.setdefault(message.account, []), (kept_by, message.key))

    def _replace(self, message: MessageSummary) -> Thread:
        message = _merged(self._messages[message.key], message)
        thread = self._threads[message.key]
        self._messages[message.key] = message
        self._index.replace(thread, message)
        return thread

    def _went(self, event: MessageGone) -> None:
        """Only from where we know it to be: a message moved is told of at its new place first."""
        key = mail_key(event.account, event.message_id)
        known = self._messages.get(key)
        if known is not None and known.address == event.address:
            self._drop(key)

    def _drop(self, key: str) -> None:
        thread = self._threads.pop(key)
        self._index.remove(thread, self._messages.pop(key))
        self._seen_from_the_start.discard(key)
        if thread.messages:
            self._refresh(thread)
        else:
            self._forget_view(thread)

    def _evict(self) -> None:
        for by_age in self._by_age.values():
            while len(by_age) > self._limit:
                _, key = heapq.heappop(by_age)
                self._history.discard(key)
                if key in self._messages:
                    self._drop(key)

    # --- views --------------------------------------------------------------------------

    def _refresh_key(self, key: str) -> None:
        thread = self._threads.get(key)
        if thread is not None:
            self._refresh(thread)

    def _refresh(self, thread: Thread) -> None:
        self._standings[thread] = standing(thread.in_order(), self._closed)
        self._views.pop(thread, None)
        self._listed = None

    def _forget_view(self, thread: Thread) -> None:
        self._standings.pop(thread, None)
        self._views.pop(thread, None)
        self._listed = None

    def _view(self, thread: Thread) -> Conversation:
        view = self._views.get(thread)
        if view is None:
            view = self._views[thread] = self._conversation(thread)
        return view

    def _conversation(self, thread: Thread) -> Conversation:
        """Without any message from outside the key is empty: nobody's conversation, not listed."""
        messages = thread.in_order()
        current = self._standings[thread]
        theirs = [message for message in messages if is_from_customer(message)]
        robots = [one for one in messages if one.is_robot and not (one.is_ours or one.is_sent_copy)]
        newest = (theirs or robots or messages)[-1]
        return Conversation(
            key=newest.key if theirs or robots else "",
            account=newest.account,
            customer=newest.sender,
            subject=without_prefixes(newest.subject),
            preview=newest.preview,
            newest_at=moment(messages[-1]),
            waiting_since=current.waiting_since,
            answer=current.answer,
            is_robot=not theirs,
            is_unread_by_me=any(self._is_unread(message) for message in theirs or robots),
            needs_no_reply=newest.key in self._closed,
            messages=tuple(messages),
        )

    def _is_unread(self, message: MessageSummary) -> bool:
        """News from outside that the founder has not had open; the team's flags say nothing."""
        is_outside = not (message.is_ours or message.is_sent_copy)
        return is_outside and message.key not in self._read and message.key not in self._history

    def _how_closed(self, key: str, current: Standing) -> str:
        if key in self._closed:
            return "needs no reply"
        if current.answer is not None and current.answer.by:
            return f"answered by {current.answer.by}"
        return "answered"


def _merged(known: MessageSummary | None, message: MessageSummary) -> MessageSummary:
    """A copy of our own message in the inbox stays ours, even from an alias we do not know."""
    if known is not None and known.is_sent_copy and not message.is_sent_copy:
        return replace(message, is_sent_copy=True)
    return message
