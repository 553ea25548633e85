"""The conversation list: who waits, what is done, machines, and old mail at the end."""

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from supportdesk.domain.events import SyncProgressed
from supportdesk.domain.mail import Conversation, Mailer, MessageSummary
from supportdesk.domain.promises import Promise
from supportdesk.domain.search import OldMail
from supportdesk.services.wording import count, waited
from supportdesk.ui import rows
from supportdesk.ui.presenter.date_groups import date_groups, short_date
from supportdesk.ui.presenter.knock_chips import knock_chips
from supportdesk.ui.presenter.old_mail import OldPages, OldRows
from supportdesk.ui.presenter.promises import PromisedRows
from supportdesk.ui.presenter.row_sections import RowMaker, Section, SectionedRows
from supportdesk.ui.presenter.words import age, since_words
from supportdesk.ui.rows import ChipKind, ChipView, ConversationRow

_LONG_WAIT = timedelta(hours=3)

Beside = Callable[[Conversation], Iterable[ChipView]]
Knocked = Mapping[str, Sequence[datetime]]
_NO_KNOCKS: Knocked = {}
_PROMISED_BY_MAIL = "mail/"
_NOTHING_BEGUN: Mapping[str, str] = {}


def _nothing_beside(_conversation: Conversation) -> Iterable[ChipView]:
    return ()


def _own_name(customer: Mailer) -> str:
    return customer.label


@dataclass(frozen=True, slots=True, kw_only=True)
class _RowFacts:
    """What is the same for all rows."""

    now: datetime
    knocks: Knocked
    name_of: Callable[[Mailer], str]
    names_accounts: bool
    begun: Mapping[str, str]
    beside: Beside


def row_key(conversation: Conversation) -> str:
    """Names a row for as long as the conversation lives, whatever is written next."""
    return conversation.messages[0].key


def inbox_view(
    conversations: Sequence[Conversation],
    *,
    now: datetime,
    as_of: datetime | None,
    empty: rows.EmptyView,
    old: OldMail,
    pages: OldPages,
    knocks: Knocked = _NO_KNOCKS,
    name_of: Callable[[Mailer], str] = _own_name,
    names_accounts: bool = False,
    begun: Mapping[str, str] = _NOTHING_BEGUN,
    beside: Beside = _nothing_beside,
    promised: Sequence[Promise] = (),
    lifted: Container[str] = (),
) -> rows.InboxView:
    """The list: those who wait, those who do not, robots, then old mail. No row is made here.

    What the team lifted is on top, then who waits and has tried three times today. What was
    promised to somebody who does not wait has a row of its own: what is due above all others, the
    rest below those who wait.

    Args:
        conversations: As the inbox service sorts them.
        now: The moment for the ages.
        as_of: When the list was last known to be true; None while mail is heard.
        empty: What to show when nobody waits and nothing is there.
        old: Mail that no conversation holds.
        pages: Where old mail is read from.
        knocks: When whoever knocks for the third time today tried, by key of the conversation.
        name_of: What the founder calls a customer.
        names_accounts: Rows say to which account they belong.
        begun: What became of the founder's own answer, by key of the message that it answers.
        beside: Chips for what is no mail: who has it, labels, notes, until when it sleeps.
        promised: Open promises, soonest first; those noted of calls are no matter of this list.
        lifted: Keys of conversations that the team lifted to the founder.
    """
    facts = _RowFacts(
        now=now,
        knocks=knocks,
        name_of=name_of,
        names_accounts=names_accounts,
        begun=begun,
        beside=beside,
    )
    waiting = [one for one in conversations if one.waiting_since]
    waiting.sort(key=lambda one: (one.key not in lifted, one.key not in knocks))
    first = "third tries" if knocks else "longest"
    if any(one.key in lifted for one in waiting):
        first = "lifted"
    asleep = [one for one in conversations if one.put_off_until]
    asleep.sort(key=lambda one: (one.put_off_until, one.key))
    rest = [one for one in conversations if not (one.waiting_since or one.put_off_until)]
    due, later = _promised(promised, [*waiting, *asleep], rest, facts)
    rest = [one for one in rest if not (due.has(row_key(one)) or later.has(row_key(one)))]
    robots = [one for one in rest if one.is_robot]
    sections = [
        *_section("due", "Promised, and due", due, len(due.promises)),
        *_section(
            "waiting", "Waiting for an answer", ConversationRows(waiting, facts), len(waiting)
        ),
        *_section("promised", "Promised, soonest first", later, len(later.promises)),
        *_section("asleep", "Snoozed, soonest first", ConversationRows(asleep, facts), len(asleep)),
        *_done([one for one in rest if not one.is_robot], facts),
        *_section("robots", "Sent by machines", ConversationRows(robots, facts), len(robots)),
        *_earlier(
            old, OldRows(old, pages, now, name_of=name_of, names_accounts=names_accounts), now
        ),
    ]
    return rows.InboxView(
        caption=dated(_caption(len(waiting), len(due.promises), first), as_of, now),
        rows=SectionedRows(sections),
        empty=None if sections else empty,
    )


def dated(words: str, as_of: datetime | None, now: datetime) -> str:
    """Words that may be out of date, and since when."""
    return f"{words} · as of {since_words(as_of, now)}" if as_of else words


def list_progress(progress: Iterable[SyncProgressed]) -> rows.ListProgress | None:
    """How far the listing of these accounts is; None when nothing is left to list."""
    running = [one for one in progress if one.done < one.total]
    if not running:
        return None
    done, total = sum(one.done for one in running), sum(one.total for one in running)
    return rows.ListProgress(share=done / total, label=f"{done:,} of {total:,} mails listed")


class ConversationRows:
    """Makes the rows of conversations."""

    def __init__(self, conversations: Sequence[Conversation], facts: _RowFacts) -> None:
        self.conversations = conversations
        self._facts = facts
        self._places: dict[str, int] = {}

    def make(self, start: int, stop: int) -> list[ConversationRow]:
        return [self._row(one) for one in self.conversations[start:stop]]

    def index_of(self, key: str) -> int:
        if not self._places:
            self._places = {row_key(one): at for at, one in enumerate(self.conversations)}
        return self._places.get(key, -1)

    def _row(self, conversation: Conversation) -> ConversationRow:
        since, now = conversation.waiting_since, self._facts.now
        shown = conversation.messages[-1] if since is None else _newest_customers(conversation)
        waiting = now - since if since else timedelta()
        tries = self._facts.knocks.get(conversation.key, ()) if since else ()
        chips = [*_tried(tries, now), *_begun(conversation, self._facts.begun)]
        chips += self._facts.beside(conversation)
        chips += conversation_chips(conversation)
        if self._facts.names_accounts:
            chips.append(ChipView(label=conversation.account, kind=ChipKind.ACCOUNT))
        return ConversationRow(
            key=row_key(conversation),
            who=self._facts.name_of(conversation.customer),
            subject=conversation.subject or "(no subject)",
            first_words=shown.preview or conversation.preview,
            age_label=age(since, now) if since else short_date(conversation.newest_at, now),
            is_hot=waiting > _LONG_WAIT or bool(tries),
            is_unread_by_me=conversation.is_unread_by_me,
            is_answered=since is None,
            chips=tuple(chips),
        )


def _promised(
    promised: Sequence[Promise],
    listed: Sequence[Conversation],
    rest: Sequence[Conversation],
    facts: _RowFacts,
) -> tuple[PromisedRows, PromisedRows]:
    """Due and not yet due, one row a conversation; those who are listed anyway have a chip."""
    by_mail = [one for one in promised if one.item.startswith(_PROMISED_BY_MAIL)]
    items = {one.item for one in by_mail}
    anyway = {one.key for conversation in listed for one in conversation.messages} if items else {}
    of_item = {
        one.key: conversation
        for conversation in (rest if items else ())
        for one in conversation.messages
        if one.key in items
    }
    firsts: dict[str, Promise] = {}
    held = {}
    for promise in by_mail:
        conversation = of_item.get(promise.item)
        key = promise.item if conversation is None else row_key(conversation)
        if promise.item not in anyway and key not in firsts:
            firsts[key] = promise
            if conversation is not None:
                [held[promise.key]] = ConversationRows([conversation], facts).make(0, 1)
    due = [one for one in firsts.values() if one.is_due(facts.now)]
    later = [one for one in firsts.values() if not one.is_due(facts.now)]
    return PromisedRows(due, held, facts.now), PromisedRows(later, held, facts.now)


def _section(key: str, title: str, maker: RowMaker, count: int) -> Iterable[Section]:
    if count:
        heading = rows.SectionRow(key=f"section/{key}", title=title, count=f"{count:,}")
        yield Section(heading=heading, maker=maker, start=0, stop=count)


def _done(done: Sequence[Conversation], facts: _RowFacts) -> Iterable[Section]:
    """Answered, or in need of no answer; when that was decided need not be known.

    So they are in the groups of their last mail, whose date a row has too, and the heading says so.
    """
    times = [int(one.newest_at.timestamp()) for one in done]
    maker = ConversationRows(done, facts)
    return _by_date("done", "Done, last mail {when}", times, maker, facts.now)


def _earlier(old: OldMail, maker: OldRows, now: datetime) -> Iterable[Section]:
    return _by_date("earlier", "Earlier mail, {title}", old.times, maker, now)


def _by_date(
    key: str, words: str, times: Sequence[int], maker: RowMaker, now: datetime
) -> Iterable[Section]:
    for group in date_groups(times, now):
        title = group.title if group.key[0].isdigit() else group.when
        heading = rows.SectionRow(
            key=f"section/{key}/{group.key}",
            title=words.format(when=group.when, title=title),
            count=f"{group.stop - group.start:,}",
        )
        yield Section(heading=heading, maker=maker, start=group.start, stop=group.stop)


def _caption(waiting: int, due: int, first: str) -> str:
    promised = f" · {count(due, 'promise', 'promises')} due" if due else ""
    if not waiting:
        return f"Nobody is waiting{promised}"
    return f"{waiting:,} waiting, {first} first{promised}"


def _newest_customers(conversation: Conversation) -> MessageSummary:
    return next(
        (one for one in reversed(conversation.messages) if one.key == conversation.key),
        conversation.messages[-1],
    )


def _tried(tries: Sequence[datetime], now: datetime) -> Iterable[ChipView]:
    """In two chips: a narrow list with large text has a line for each, and not for both."""
    for chip in knock_chips(tries, now):
        how_often, _, since = chip.label.partition(", ")
        yield ChipView(label=how_often, kind=chip.kind)
        yield ChipView(label=since, kind=ChipKind.PLAIN)


def _begun(conversation: Conversation, begun: Mapping[str, str]) -> Iterable[ChipView]:
    said = (begun[one.key] for one in conversation.messages if one.key in begun) if begun else ()
    for words in dict.fromkeys(said):
        yield ChipView(label=words, kind=ChipKind.CLAIMED)


def conversation_chips(conversation: Conversation) -> Iterable[ChipView]:
    """What became of it, and what it is."""
    if conversation.needs_no_reply:
        yield ChipView(label="needs no reply", kind=ChipKind.PLAIN)
    elif conversation.answer is not None:
        answer = conversation.answer
        by = f"answered by {answer.by}" if answer.by else "answered"
        yield ChipView(
            label=f"{by} after {waited(answer.after.total_seconds())}", kind=ChipKind.ANSWERED
        )
    if conversation.is_robot:
        yield ChipView(label="sent by a machine", kind=ChipKind.ROBOT)
