"""The messages of the inbox as conversations: who stands in which, who waits, what the list shows.

What the founder says wins over what headers say: messages filed by hand (split, joined) stay where
they were put, and a judged sender is a machine or a person as judged (F54, F57).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime

from supportdesk.domain.mail import Conversation, MessageSummary
from supportdesk.domain.waiting import (
    Standing,
    in_order,
    is_from_customer,
    moment,
    standing,
    without_prefixes,
)
from supportdesk.services.threads import Thread, ThreadIndex


@dataclass(slots=True)
class Marks:
    """What is remembered of messages beside the messages; by ledger key. Owned by the inbox.

    Attributes:
        read: Opened here by the founder.
        closed: Marked as needing no reply.
        history: Older than the founder's connecting of the mailbox.
        filed: The conversation that the founder put a message into.
        judged: Addresses in lower case, and whether a machine writes from them.
        put_off: The customer's newest message of a conversation that sleeps, and until when.
        come_back: Those whose time has come, and that were not opened since.
    """

    read: set[str] = field(default_factory=set)
    closed: set[str] = field(default_factory=set)
    history: set[str] = field(default_factory=set)
    filed: dict[str, str] = field(default_factory=dict)
    judged: dict[str, bool] = field(default_factory=dict)
    put_off: dict[str, datetime] = field(default_factory=dict)
    come_back: set[str] = field(default_factory=set)


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


class Conversations:
    """Keeps every view up to date with its messages. `key` is the ledger key of a message."""

    def __init__(self, marks: Marks) -> None:
        self._marks = marks
        self._index = ThreadIndex(marks.filed)
        # As the mail server described them; the threads hold them as the founder judged them.
        self._told: dict[str, MessageSummary] = {}
        self._threads: dict[str, Thread] = {}
        self._standings: dict[Thread, Standing] = {}
        self._views: dict[Thread, Conversation] = {}
        self._by_customer: dict[str, dict[Thread, Conversation]] = {}
        self._listed: tuple[Conversation, ...] | None = None
        self._inherited: dict[str, str] = {}

    # --- what is known -----------------------------------------------------------------

    def __contains__(self, key: str) -> bool:
        return key in self._told

    def __iter__(self) -> Iterator[MessageSummary]:
        return iter(list(self._told.values()))

    def message(self, key: str) -> MessageSummary | None:
        told = self._told.get(key)
        return None if told is None else self._threads[key].messages[told.message_id]

    def of(self, key: str) -> Conversation | None:
        """The conversation that a message belongs to."""
        thread = self._threads.get(key)
        return None if thread is None else self._view(thread)

    def standing_of(self, key: str) -> Standing:
        return self._standings[self._threads[key]]

    @property
    def waiting_count(self) -> int:
        return sum(1 for one in self._standings.values() if self._waits(one))

    def long_waits(self) -> list[LongWait]:
        """Conversations that wait and have news in them, in no order."""
        waits = []
        for thread, current in self._standings.items():
            if not self._waits(current):
                continue
            news = [one.key for one in current.waiting if one.key not in self._marks.history]
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

    def listed(self) -> tuple[Conversation, ...]:
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

    def with_customer(self, email: str) -> list[Conversation]:
        """Those with one customer, in no order."""
        self.listed()
        found = self._by_customer.get(email.casefold(), {}).values()
        return [view for view in found if view.key]

    # --- changes -----------------------------------------------------------------------

    def put(self, messages: Iterable[MessageSummary]) -> None:
        """File new messages, and take over what is new about known ones.

        An answer to a message filed by hand is filed with it; `take_inherited` tells which.
        """
        touched: dict[Thread, None] = {}
        for message in messages:
            if message.key in self._told:
                touched[self._replace(message)] = None
            else:
                self._file(message, touched)
        for thread in touched:
            self._refresh(thread)

    def take_inherited(self) -> dict[str, str]:
        """Messages that were filed by hand since the last call because of an ancestor."""
        inherited, self._inherited = self._inherited, {}
        return inherited

    def drop(self, key: str) -> None:
        thread = self._threads.pop(key)
        self._index.remove(thread, self._told.pop(key))
        if thread.messages:
            self._refresh(thread)
        else:
            self._forget_view(thread)

    def refresh(self, key: str) -> None:
        """A mark of this message has changed."""
        thread = self._threads.get(key)
        if thread is not None:
            self._refresh(thread)

    def up_to(self, key: str) -> list[MessageSummary]:
        """This message and what came before it in its conversation."""
        limit = moment(self._told[key])
        return [one for one in self._threads[key].messages.values() if moment(one) <= limit]

    def from_on(self, key: str) -> list[MessageSummary]:
        """This message and what came after it in its conversation, in order."""
        messages = self._threads[key].in_order()
        return messages[[one.key for one in messages].index(key) :]

    def regroup(self, keys: Iterable[str]) -> None:
        """The filing of these messages has changed: file their conversations anew."""
        threads = {id(self._threads[key]): self._threads[key] for key in keys}.values()
        messages = [one for thread in threads for one in thread.messages.values()]
        for thread in threads:
            for message in list(thread.messages.values()):
                self._index.remove(thread, message)
            self._forget_view(thread)
        touched: dict[Thread, None] = {}
        for message in sorted(messages, key=in_order):
            self._file(self._told[message.key], touched)
        for thread in touched:
            self._refresh(thread)

    def judge_again(self, email: str) -> None:
        """This sender was judged anew, or is judged no more."""
        self.put([one for one in self._told.values() if one.sender.email.casefold() == email])

    # --- inside ------------------------------------------------------------------------

    def _as_judged(self, message: MessageSummary) -> MessageSummary:
        is_robot = self._marks.judged.get(message.sender.email.casefold())
        if is_robot is None or is_robot == message.is_robot:
            return message
        return replace(message, is_robot=is_robot)

    def _file(self, message: MessageSummary, touched: dict[Thread, None]) -> None:
        thread, absorbed = self._index.add(self._as_judged(message))
        for other in absorbed:
            touched.pop(other, None)
            self._forget_view(other)
            for one in other.messages.values():
                self._threads[one.key] = thread
        self._told[message.key] = message
        self._threads[message.key] = thread
        if thread.name and message.key not in self._marks.filed:
            self._inherited[message.key] = self._marks.filed[message.key] = thread.name
        touched[thread] = None

    def _replace(self, message: MessageSummary) -> Thread:
        thread = self._threads[message.key]
        self._told[message.key] = message
        self._index.replace(thread, self._as_judged(message))
        return thread

    def _refresh(self, thread: Thread) -> None:
        self._standings[thread] = standing(thread.in_order(), self._marks.closed)
        self._outdate(thread)

    def _forget_view(self, thread: Thread) -> None:
        self._standings.pop(thread, None)
        self._outdate(thread)

    def _outdate(self, thread: Thread) -> None:
        self._listed = None
        view = self._views.pop(thread, None)
        if view is not None:
            email = view.customer.email.casefold()
            theirs = self._by_customer[email]
            del theirs[thread]
            if not theirs:
                del self._by_customer[email]

    def _view(self, thread: Thread) -> Conversation:
        view = self._views.get(thread)
        if view is None:
            view = self._views[thread] = self._conversation(thread)
            self._by_customer.setdefault(view.customer.email.casefold(), {})[thread] = view
        return view

    def _conversation(self, thread: Thread) -> Conversation:
        """Without any message from outside the key is empty: nobody's conversation, not listed."""
        messages = thread.in_order()
        current = self._standings[thread]
        sleeps_until = self._sleeps_until(current)
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
            waiting_since=None if sleeps_until else current.waiting_since,
            answer=current.answer,
            is_robot=not theirs,
            is_unread_by_me=any(self.is_unread(message) for message in theirs or robots),
            needs_no_reply=newest.key in self._marks.closed,
            messages=tuple(messages),
            put_off_until=sleeps_until,
            has_come_back=self._has_come_back(current),
        )

    def _waits(self, current: Standing) -> bool:
        return bool(current.waiting) and self._sleeps_until(current) is None

    def _sleeps_until(self, current: Standing) -> datetime | None:
        """Who has nothing to be put off, or has written since, is awake."""
        newest = current.waiting[-1].key if current.waiting else ""
        return self._marks.put_off.get(newest)

    def _has_come_back(self, current: Standing) -> bool:
        return bool(current.waiting) and current.waiting[-1].key in self._marks.come_back

    def is_unread(self, message: MessageSummary) -> bool:
        """News from outside that the founder has not had open; the team's flags say nothing."""
        is_outside = not (message.is_ours or message.is_sent_copy)
        key = message.key
        if key in self._marks.come_back:
            return is_outside
        return is_outside and key not in self._marks.read and key not in self._marks.history
