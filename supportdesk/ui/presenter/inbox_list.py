"""The conversation list: who waits, what is done, machines, and old mail at the end."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from supportdesk.domain.events import SyncProgressed
from supportdesk.domain.mail import Conversation, MessageSummary
from supportdesk.domain.search import OldMail
from supportdesk.services.wording import waited
from supportdesk.ui import rows
from supportdesk.ui.presenter.date_groups import date_groups, short_date
from supportdesk.ui.presenter.old_mail import OldPages, OldRows
from supportdesk.ui.presenter.row_sections import RowMaker, Section, SectionedRows
from supportdesk.ui.presenter.words import age, since_words
from supportdesk.ui.rows import ChipKind, ChipView, ConversationRow

_LONG_WAIT = timedelta(hours=3)


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
    names_accounts: bool = False,
) -> rows.InboxView:
    """The list: those who wait, those who do not, robots, then old mail. No row is made here.

    Args:
        conversations: As the inbox service sorts them.
        now: The moment for the ages.
        as_of: When the list was last known to be true; None while mail is heard.
        empty: What to show when nobody waits and nothing is there.
        old: Mail that no conversation holds.
        pages: Where old mail is read from.
        names_accounts: Rows say to which account they belong.
    """
    waiting = [one for one in conversations if one.waiting_since]
    rest = [one for one in conversations if not one.waiting_since]
    sections = [
        *_section("waiting", "Waiting for an answer", _maker(waiting, now, names_accounts)),
        *_done([one for one in rest if not one.is_robot], now, names_accounts),
        *_section(
            "robots",
            "Sent by machines",
            _maker([one for one in rest if one.is_robot], now, names_accounts),
        ),
        *_earlier(old, OldRows(old, pages, now, names_accounts=names_accounts), now),
    ]
    return rows.InboxView(
        caption=dated(_caption(len(waiting)), as_of, now),
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

    def __init__(
        self, conversations: Sequence[Conversation], now: datetime, *, names_accounts: bool
    ) -> None:
        self.conversations = conversations
        self._now = now
        self._names_accounts = names_accounts
        self._places: dict[str, int] = {}

    def make(self, start: int, stop: int) -> list[ConversationRow]:
        return [self._row(one) for one in self.conversations[start:stop]]

    def index_of(self, key: str) -> int:
        if not self._places:
            self._places = {row_key(one): at for at, one in enumerate(self.conversations)}
        return self._places.get(key, -1)

    def _row(self, conversation: Conversation) -> ConversationRow:
        since, now = conversation.waiting_since, self._now
        shown = conversation.messages[-1] if since is None else _newest_customers(conversation)
        waiting = now - since if since else timedelta()
        chips = [*_chips(conversation)]
        if self._names_accounts:
            chips.append(ChipView(label=conversation.account, kind=ChipKind.ACCOUNT))
        return ConversationRow(
            key=row_key(conversation),
            who=conversation.customer.label,
            subject=conversation.subject or "(no subject)",
            first_words=shown.preview or conversation.preview,
            age_label=age(since, now) if since else short_date(conversation.newest_at, now),
            is_hot=waiting > _LONG_WAIT,
            is_unread_by_me=conversation.is_unread_by_me,
            is_answered=since is None,
            chips=tuple(chips),
        )


def _maker(
    conversations: Sequence[Conversation], now: datetime, names_accounts: bool
) -> ConversationRows:
    return ConversationRows(conversations, now, names_accounts=names_accounts)


def _section(key: str, title: str, maker: ConversationRows) -> Iterable[Section]:
    count = len(maker.conversations)
    if count:
        heading = rows.SectionRow(key=f"section/{key}", title=title, count=f"{count:,}")
        yield Section(heading=heading, maker=maker, start=0, stop=count)


def _done(done: Sequence[Conversation], now: datetime, names_accounts: bool) -> Iterable[Section]:
    """Answered, or in need of no answer; when that was decided need not be known.

    So they are in the groups of their last mail, whose date a row has too, and the heading says so.
    """
    times = [int(one.newest_at.timestamp()) for one in done]
    maker = _maker(done, now, names_accounts)
    return _by_date("done", "Done, last mail {when}", times, maker, now)


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


def _caption(waiting: int) -> str:
    return f"{waiting:,} waiting, longest first" if waiting else "Nobody is waiting"


def _newest_customers(conversation: Conversation) -> MessageSummary:
    return next(
        (one for one in reversed(conversation.messages) if one.key == conversation.key),
        conversation.messages[-1],
    )


def _chips(conversation: Conversation) -> Iterable[ChipView]:
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
