"""What the reading pane shows: one message, who wrote it, the reading clock."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from supportdesk.ui.rows.common import Action, ActionButton, ButtonRank, Notice
from supportdesk.ui.rows.side import NOTHING_BESIDE, SideView
from supportdesk.ui.rows.voices import KeptWords


class PersonFact(StrEnum):
    """What a line of the person card tells."""

    PROMISE = "promise"
    CALL = "call"
    QUOTE = "quote"
    MAIL = "mail"
    NOTE = "note"


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonLine:
    """One line of the person card; promises come first. `key` is what it opens, if anything."""

    fact: PersonFact
    label: str
    text: str
    key: str = ""
    buttons: tuple[ActionButton, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonOffer:
    """Something that may be true of this person, and the button that says that it is."""

    text: str
    button: ActionButton


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonView:
    """Who stands behind the message."""

    name: str
    house: str = ""
    lines: tuple[PersonLine, ...] = ()
    call_back: ActionButton | None = None
    edit: ActionButton | None = None
    offers: tuple[PersonOffer, ...] = ()


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


NEEDS_REPLY = ActionButton(
    action=Action.NEEDS_REPLY,
    label="Needs a reply",
    icon="refresh",
    hint="Needs a reply after all",
    rank=ButtonRank.GHOST,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageLine:
    """Another message of the conversation, closed: who, when, first words."""

    key: str
    who: str
    when: str
    first_words: str = ""
    is_ours: bool = False
    is_new: bool = False

    @property
    def accessible_text(self) -> str:
        parts = [f"Open the message of {self.who}", self.when, self.first_words]
        if self.is_new:
            parts.append("new")
        return ", ".join(part for part in parts if part)


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationView:
    """An invitation as words; `warning` says that it does not hold any more."""

    title: str
    when: str
    where: str = ""
    who: str = ""
    repeats: str = ""
    kind: str = "Invitation"
    warning: str = ""
    save: ActionButton | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NestedView:
    """A forwarded message, closed until it is opened in place."""

    who: str
    subject: str
    when: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SealView:
    """A signed or encrypted part, named for what it is."""

    words: str
    is_locked: bool = False
    button: ActionButton | None = None


MessageCard = InvitationView | NestedView | SealView


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageView:
    """One message to read, and its conversation around it.

    Attributes:
        html: Washed already; without it `text` is shown.
        quoted_html: What is folded of it, instead of `quoted_text`.
        head: Who wrote this one, where it stands among others; None when it stands alone.
        earlier: The messages before it, oldest first; `later` those after it.
        loading: What is being waited for; empty when all is here.
        is_here: Its text is known, even if it is empty.
        side: What stands beside the conversation and is no mail.
        more: What is asked for less often, in a menu.
        kept: Words of it that the founder has kept.
    """

    key: str
    conversation_key: str
    subject: str
    address_line: str = ""
    person: PersonView | None = None
    head: MessageLine | None = None
    earlier: tuple[MessageLine, ...] = ()
    later: tuple[MessageLine, ...] = ()
    html: str = ""
    text: str = ""
    quoted_summary: str = ""
    quoted_text: str = ""
    quoted_html: str = ""
    cards: tuple[MessageCard, ...] = ()
    attachments: tuple[AttachmentView, ...] = ()
    notices: tuple[Notice, ...] = ()
    loading: str = ""
    is_here: bool = True
    word_count: int = 0
    actions: tuple[ActionButton, ...] = (REPLY, NO_REPLY, OPEN_IN_CLIENT)
    more: tuple[ActionButton, ...] = ()
    side: SideView = NOTHING_BESIDE
    kept: tuple[KeptWords, ...] = ()


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
