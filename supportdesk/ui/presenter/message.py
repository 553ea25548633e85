"""The reading pane: one message, its person, files and notices."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from supportdesk.domain.mail import Conversation, MessageSummary, MessageText
from supportdesk.ui import rows
from supportdesk.ui.presenter.inbox_list import row_key
from supportdesk.ui.presenter.words import since_words, size_words
from supportdesk.ui.rows import PersonFact, PersonLine

_EARLIER_LINES = 3


def message_view(
    conversation: Conversation,
    message: MessageSummary,
    text: MessageText | None,
    *,
    now: datetime,
    problem: str = "",
    call_lines: Sequence[PersonLine] = (),
) -> rows.MessageView:
    """One message to read; without its text yet, the preview and a word on what is going on."""
    html = text.html or "" if text and not _reads_as_text(text) else ""
    return rows.MessageView(
        key=message.key,
        conversation_key=row_key(conversation),
        subject=message.subject or "(no subject)",
        address_line=_address_line(message, now),
        person=_person(conversation, message, now, call_lines),
        html=html,
        text=text.text if text else message.preview,
        quoted_summary="" if html else _quoted_summary(text),
        quoted_text=text.quoted if text and not html else "",
        attachments=_attachments(message, text),
        notices=tuple(_notices(text, problem)),
        word_count=text.words if text else 0,
    )


def _reads_as_text(text: MessageText) -> bool:
    """With history below the new words its plain text reads better: there the quote folds."""
    return bool(text.quoted and text.text.strip()) and not text.images


def _address_line(message: MessageSummary, now: datetime) -> str:
    to = ", ".join(one.email for one in message.recipients[:3])
    when = message.sent_at.astimezone()
    date = f"{when:%a} {when.day} {when:%b}, {when:%H:%M}"
    if when.year != now.astimezone().year:
        date = f"{when.day} {when:%b %Y}, {when:%H:%M}"
    return f"to {to} · {date}" if to else date


def _person(
    conversation: Conversation,
    message: MessageSummary,
    now: datetime,
    call_lines: Sequence[PersonLine],
) -> rows.PersonView:
    customer = conversation.customer
    earlier = [one for one in conversation.messages if one.key != message.key]
    lines = [
        PersonLine(
            fact=PersonFact.MAIL,
            label="You" if one.is_ours else "Mail",
            text=f"{since_words(one.sent_at, now)}: {_quoted(one.preview or one.subject)}",
        )
        for one in reversed(earlier[-_EARLIER_LINES:])
    ]
    return rows.PersonView(
        name=customer.label,
        house=customer.email if customer.name else "",
        lines=(*call_lines, *lines)[:_EARLIER_LINES],
    )


def _quoted(words: str) -> str:
    return f"“{words}”" if words else "(no words)"


def _quoted_summary(text: MessageText | None) -> str:
    if text is None or not text.quoted:
        return ""
    lines = len(text.quoted.splitlines())
    return "1 quoted line" if lines == 1 else f"{lines} quoted lines"


def _attachments(
    message: MessageSummary, text: MessageText | None
) -> tuple[rows.AttachmentView, ...]:
    parts = text.parts if text else ()
    return tuple(
        rows.AttachmentView(
            key=f"{message.key}#{number}", name=part.name, size_label=size_words(part.size_bytes)
        )
        for number, part in enumerate(parts)
    )


def _notices(text: MessageText | None, problem: str) -> Iterable[rows.Notice]:
    if problem:
        yield rows.Notice(title="This message cannot be shown yet", text=problem)
    elif text is None:
        yield rows.Notice(title="Fetching the text", tone=rows.Tone.MUTED)
    else:
        for words in text.notices:
            yield rows.Notice(title=words, tone=rows.Tone.AMBER)
