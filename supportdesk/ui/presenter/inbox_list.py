"""The conversation list: who waits, who was answered, and machines at the end."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from supportdesk.domain.mail import Conversation, MessageSummary
from supportdesk.services.wording import waited
from supportdesk.ui import rows
from supportdesk.ui.presenter.words import age, since_words
from supportdesk.ui.rows import ChipKind, ChipView, ConversationRow

_LONG_WAIT = timedelta(hours=3)
_ROWS_SHOWN = 200


def row_key(conversation: Conversation) -> str:
    """Names a row for as long as the conversation lives, whatever is written next."""
    return conversation.messages[0].key


def inbox_view(
    conversations: Sequence[Conversation],
    *,
    now: datetime,
    search: str,
    as_of: datetime | None,
    empty: rows.EmptyView,
) -> rows.InboxView:
    """The list: those who wait, those answered, and robots at the end.

    A group shows its first rows and says how many follow: nobody reads thousands of rows, and
    to lay them out would hold the window.

    Args:
        conversations: As the inbox service sorts them.
        now: The moment for the ages.
        search: Words that every shown row must hold.
        as_of: When the list was last known to be true; None while mail is heard.
        empty: What to show when nobody waits and nothing is there.
    """
    found = [one for one in conversations if _matches(one, search)]
    waiting = [one for one in found if one.waiting_since]
    robots = [one for one in found if one.is_robot and not one.waiting_since]
    done = [one for one in found if not one.waiting_since and not one.is_robot]
    listed: list[rows.InboxRow] = []
    for key, title, group in (
        ("waiting", "Waiting for an answer", waiting),
        ("answered", "Answered", done),
        ("robots", "Sent by machines", robots),
    ):
        if group:
            listed.append(rows.SectionRow(key=f"section/{key}", title=title, count=str(len(group))))
            listed += [_row(one, now) for one in group[:_ROWS_SHOWN]]
        if len(group) > _ROWS_SHOWN:
            listed.append(
                rows.SectionRow(
                    key=f"section/{key}/more",
                    title=f"and {len(group) - _ROWS_SHOWN} more",
                    count="the search finds them",
                )
            )
    return rows.InboxView(
        caption=_caption(len(waiting), search, as_of, now),
        rows=tuple(listed),
        empty=None if listed else empty,
        search=search,
    )


def _matches(conversation: Conversation, search: str) -> bool:
    words = search.casefold().split()
    if not words:
        return True
    customer = conversation.customer
    text = f"{customer.name} {customer.email} {conversation.subject} {conversation.preview}"
    folded = text.casefold()
    return all(word in folded for word in words)


def _caption(waiting: int, search: str, as_of: datetime | None, now: datetime) -> str:
    words = f"{waiting} waiting, longest first" if waiting else "Nobody is waiting"
    if search:
        words = f"{waiting} waiting with “{search}”"
    return f"{words} · as of {since_words(as_of, now)}" if as_of else words


def _row(conversation: Conversation, now: datetime) -> ConversationRow:
    since = conversation.waiting_since
    shown = conversation.messages[-1] if since is None else _newest_customers(conversation)
    waiting = now - since if since else timedelta()
    return ConversationRow(
        key=row_key(conversation),
        who=conversation.customer.label,
        subject=conversation.subject or "(no subject)",
        first_words=shown.preview or conversation.preview,
        age_label=age(since, now) if since else _short_date(conversation.newest_at, now),
        is_hot=waiting > _LONG_WAIT,
        is_unread_by_me=conversation.is_unread_by_me,
        is_answered=since is None,
        chips=tuple(_chips(conversation)),
    )


def _newest_customers(conversation: Conversation) -> MessageSummary:
    return next(
        (one for one in reversed(conversation.messages) if one.key == conversation.key),
        conversation.messages[-1],
    )


def _short_date(at: datetime, now: datetime) -> str:
    local, today = at.astimezone(), now.astimezone()
    if local.date() == today.date():
        return f"{local:%H:%M}"
    if (today.date() - local.date()).days < 7:
        return f"{local:%a}"
    return f"{local.day} {local:%b}"


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
