"""What the reading pane shows: one message, who wrote it, the reading clock."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from supportdesk.ui.rows.common import Action, ActionButton, ButtonRank, Notice


class PersonFact(StrEnum):
    """What a line of the person card tells."""

    PROMISE = "promise"
    CALL = "call"
    QUOTE = "quote"
    MAIL = "mail"
    NOTE = "note"


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonLine:
    """One line of the person card; promises come first."""

    fact: PersonFact
    label: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonView:
    """Who stands behind the message."""

    name: str
    house: str = ""
    lines: tuple[PersonLine, ...] = ()
    call_back: ActionButton | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachmentView:
    """A file that came with the message: named here, saved by the mail program."""

    key: str
    name: str
    size_label: str = ""


REPLY = ActionButton(action=Action.REPLY, label="Reply", icon="reply", shortcut="r")


OPEN_IN_CLIENT = ActionButton(
    action=Action.OPEN_IN_CLIENT,
    label="Open in mail client",
    icon="open",
    shortcut="o",
    rank=ButtonRank.GHOST,
)


NO_REPLY = ActionButton(
    action=Action.NO_REPLY,
    label="No reply",
    icon="done",
    shortcut="x",
    hint="Needs no reply",
    rank=ButtonRank.GHOST,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageView:
    """One message to read. `html` must be washed already; without it `text` is shown."""

    key: str
    conversation_key: str
    subject: str
    address_line: str = ""
    person: PersonView | None = None
    html: str = ""
    text: str = ""
    quoted_summary: str = ""
    quoted_text: str = ""
    attachments: tuple[AttachmentView, ...] = ()
    notices: tuple[Notice, ...] = ()
    word_count: int = 0
    actions: tuple[ActionButton, ...] = (REPLY, NO_REPLY, OPEN_IN_CLIENT)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockView:
    """The reading clock: what it says, and the rule behind it as a tooltip."""

    is_counting: bool
    label: str
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderState:
    """Which message can be seen, and whether the window is really in front of the founder."""

    message_key: str | None
    is_counting_allowed: bool
    why_not: str = ""
