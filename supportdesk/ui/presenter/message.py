"""The reading pane: one message in its conversation, its person, files and notices."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache

from supportdesk.domain.mail import SIGNATURE_BREAK, Conversation, MessageSummary, MessageText
from supportdesk.services.wording import fit
from supportdesk.ui import rows
from supportdesk.ui.presenter.inbox_list import row_key
from supportdesk.ui.presenter.message_cards import cards_of
from supportdesk.ui.presenter.people import PersonFacts, person_view
from supportdesk.ui.presenter.words import local_time, size_words
from supportdesk.ui.rows import Action, ActionButton, ButtonRank
from supportdesk.ui.rows.side import NOTHING_BESIDE, SideView
from supportdesk.ui.rows.voices import KeptWords

_MOST_LINES = 100
_MOST_NOTICES = 8
_FIRST_WORDS = 100
_SUBJECT = 300
_SIGNATURE = "-- "
_HISTORY = re.compile(r">|.{0,200}:\s*$|-{3,}.*-{3,}\s*$|_{8,}|(From|Von|De|Da|Od) ?:")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What is known around the message on show.

    Attributes:
        problem: Why its text could not be had, in words.
        deaf_since: Its account has not been heard since then; None while it is.
        is_deaf: Its account is not heard.
        is_gone: It has left the mailbox; what is shown was here before.
        new: Keys of messages that the founder had not had open when they came here.
        person: Who the customer is; None where only their address is known.
        open_in: What the button for the mail program says.
        said: What the founder is to be told beside the message.
        regrouping: What can be done about the conversation and its sender.
        side: What stands beside it and is no mail.
        kept: Words of it that the founder has kept.
    """

    text: MessageText | None = None
    problem: str = ""
    deaf_since: datetime | None = None
    is_deaf: bool = False
    is_gone: bool = False
    new: frozenset[str] = frozenset()
    person: PersonFacts | None = None
    open_in: str = rows.OPEN_IN_CLIENT.label
    said: Sequence[rows.Notice] = ()
    regrouping: Sequence[ActionButton] = ()
    side: SideView = NOTHING_BESIDE
    kept: tuple[KeptWords, ...] = ()


def message_view(
    conversation: Conversation, message: MessageSummary, reading: Reading, *, now: datetime
) -> rows.MessageView:
    """One message to read; without its text yet, the preview and a word on what is going on."""
    text = reading.text
    whole = text.html or "" if text and shows_html(text) else ""
    html, _, signature = whole.partition(SIGNATURE_BREAK)
    before, after = _around(conversation, message, reading, now)
    return rows.MessageView(
        key=message.key,
        conversation_key=row_key(conversation),
        subject=fit(message.subject, _SUBJECT) or "(no subject)",
        address_line=_address_line(message, now, has_head=bool(before or after)),
        person=person_view(conversation.customer, reading.person, now),
        head=_line(message, reading, now) if before or after else None,
        earlier=before,
        later=after,
        html=html,
        text=text.text if text else message.preview,
        quoted_summary="Signature" if signature else "" if html else quoted_summary(text),
        quoted_text=text.quoted if text and not html else "",
        quoted_html=signature,
        cards=tuple(cards_of(message, text, now=now)) if text else (),
        attachments=_attachments(message, text),
        notices=(*reading.said, *_notices(message, reading)),
        loading=_loading(message, reading),
        is_here=text is not None,
        word_count=text.words if text else 0,
        actions=_actions(conversation, reading),
        more=_more(reading),
        side=reading.side,
        kept=reading.kept,
    )


def message_as_text(message: MessageSummary, text: MessageText | None) -> str:
    """The message as plain text with its head: for the clipboard."""
    to = ", ".join(_mailer(one.name, one.email) for one in message.recipients)
    head = [
        f"From: {_mailer(message.sender.name, message.sender.email)}",
        f"To: {to}" if to else "",
        f"Date: {_long_date(message.sent_at)}",
        f"Subject: {message.subject}",
    ]
    body = text.text.strip() if text else message.preview
    quoted = [f"> {line}" for line in text.quoted.splitlines()] if text else []
    return "\n".join([*(line for line in head if line), "", body, "", *quoted]).rstrip() + "\n"


def _mailer(name: str, email: str) -> str:
    return f"{name} <{email}>" if name else email


def _long_date(at: datetime) -> str:
    local = at.astimezone()
    return f"{local:%a} {local.day} {local:%b %Y}, {local:%H:%M}"


def shows_html(text: MessageText | None) -> bool:
    """With history below the new words its plain text reads better: there the quote folds."""
    if text is None or not text.html:
        return False
    return not (text.quoted and text.text.strip()) or bool(text.images)


def _address_line(message: MessageSummary, now: datetime, *, has_head: bool) -> str:
    """To whom, and when, unless the head of the open message says when."""
    to = ", ".join(one.email for one in message.recipients[:3])
    when = "" if has_head else _date(message.sent_at, now)
    return " · ".join(part for part in (f"to {to}" if to else "", when) if part)


def _date(at: datetime, now: datetime) -> str:
    local = at.astimezone()
    if local.year != now.astimezone().year:
        return f"{local.day} {local:%b %Y}, {local:%H:%M}"
    return f"{local:%a} {local.day} {local:%b}, {local:%H:%M}"


# --- the conversation ------------------------------------------------------------------


def _around(
    conversation: Conversation, message: MessageSummary, reading: Reading, now: datetime
) -> tuple[tuple[rows.MessageLine, ...], tuple[rows.MessageLine, ...]]:
    keys = [one.key for one in conversation.messages]
    at = keys.index(message.key) if message.key in keys else len(keys)
    before = conversation.messages[max(0, at - _MOST_LINES) : at]
    after = conversation.messages[at + 1 : at + 1 + _MOST_LINES]
    return (
        tuple(_line(one, reading, now) for one in before),
        tuple(_line(one, reading, now) for one in after),
    )


def _line(message: MessageSummary, reading: Reading, now: datetime) -> rows.MessageLine:
    return rows.MessageLine(
        key=message.key,
        who=message.sender.label,
        when=_date(message.sent_at, now),
        first_words=_one_line(message.preview or message.subject),
        is_ours=message.is_ours or message.is_sent_copy,
        is_new=message.key in reading.new,
    )


@lru_cache(maxsize=2048)
def _one_line(words: str) -> str:
    """Cleaned letter by letter: not again for each of hundreds of lines at each refresh."""
    return fit(words[: _FIRST_WORDS + 20], _FIRST_WORDS)


# --- the message -----------------------------------------------------------------------


def quoted_summary(text: MessageText | None) -> str:
    """What is folded: quoted history, and a signature, which stands above it behind dashes."""
    if text is None or not text.quoted:
        return ""
    lines = text.quoted.splitlines()
    if not text.quoted.startswith(_SIGNATURE):
        return "1 quoted line" if len(lines) == 1 else f"{len(lines)} quoted lines"
    # A signature may have empty lines in it: only what looks like history is called that.
    has_history = any(_HISTORY.match(line) for line in lines[1:])
    return "Signature and quoted text" if has_history else "Signature"


def _attachments(
    message: MessageSummary, text: MessageText | None
) -> tuple[rows.AttachmentView, ...]:
    parts = text.parts if text else ()
    return tuple(
        rows.AttachmentView(
            key=f"{message.key}#{number}", name=part.name, size_label=size_words(part.size_bytes)
        )
        for number, part in enumerate(parts)
        if not part.is_inline
    )


def _notices(message: MessageSummary, reading: Reading) -> Iterable[rows.Notice]:
    if reading.is_gone:
        yield rows.Notice(
            title="This message has left the mailbox",
            text="A colleague moved or deleted it. It can be read here until you choose another.",
            tone=rows.Tone.AMBER,
        )
    if reading.text is not None:
        for words in reading.text.notices[:_MOST_NOTICES]:
            yield rows.Notice(title=words, tone=rows.Tone.AMBER)
    elif reading.is_deaf:
        yield _not_here_yet(message, reading.deaf_since)
    elif reading.problem:
        yield rows.Notice(title="This message cannot be shown yet", text=reading.problem)


def _not_here_yet(message: MessageSummary, since: datetime | None) -> rows.Notice:
    when = f" since {local_time(since)}" if since is not None else ""
    return rows.Notice(
        title="The text of this message is not here yet",
        text=f"{message.account} has not been heard{when}. The message is safe in the mailbox; "
        "its text comes by itself once the server answers.",
        tone=rows.Tone.AMBER,
        buttons=(ActionButton(action=Action.TRY_AGAIN, label="Try again", icon="refresh"),),
    )


def _loading(message: MessageSummary, reading: Reading) -> str:
    if reading.text is not None or reading.is_deaf or reading.problem:
        return ""
    return f"Fetching the text from {message.account}."


# --- what can be done with it ----------------------------------------------------------


def _actions(conversation: Conversation, reading: Reading) -> tuple[ActionButton, ...]:
    reply = rows.NEEDS_REPLY if conversation.needs_no_reply else rows.NO_REPLY
    open_in = replace(rows.OPEN_IN_CLIENT, label=reading.open_in)
    if reading.is_gone:
        why = "It has left the mailbox."
        reply = replace(reply, is_enabled=False, why_not=why)
        open_in = replace(open_in, is_enabled=False, why_not=why)
    return (rows.REPLY, reply, open_in)


def _more(reading: Reading) -> tuple[ActionButton, ...]:
    has_text = reading.text is not None
    not_yet = "" if has_text else "Its text is not here yet."
    gone = "It has left the mailbox." if reading.is_gone else ""
    return (
        _entry(Action.REPLY_ALL, "Reply to all", "R", ""),
        _entry(Action.FORWARD, "Forward", "f", not_yet),
        _entry(Action.ANSWER_ELSEWHERE, "Answer in my mail program", "", ""),
        _entry(Action.COPY_MESSAGE, "Copy the message", "Ctrl+Shift+C", not_yet),
        _entry(Action.COPY_LINK, "Copy a link to it", "", gone),
        _entry(Action.PRINT, "Print…", "Ctrl+P", not_yet),
        _entry(Action.SHOW_ORIGINAL, "Show original", "v", gone),
        *_pictures_to_save(reading.text),
        *reading.regrouping,
    )


def _pictures_to_save(text: MessageText | None) -> Iterable[ActionButton]:
    parts = text.parts if text else ()
    count = sum(part.is_inline and bool(part.section) for part in parts)
    if count:
        words = "Save the picture in the text…" if count == 1 else f"Save {count} pictures…"
        yield _entry(Action.SAVE_IMAGES, words, "", "")


def _entry(action: Action, label: str, shortcut: str, why_not: str) -> ActionButton:
    return ActionButton(
        action=action,
        label=label,
        shortcut=shortcut,
        rank=ButtonRank.GHOST,
        is_enabled=not why_not,
        why_not=why_not,
    )
