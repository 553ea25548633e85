"""What the composer shows, the undo bar, the held card, the outbox and the saved replies."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from supportdesk.domain.answers import Recipients
from supportdesk.domain.mail import Mailer
from supportdesk.ui.rows.common import ActionButton, Notice, Tone


class HeldChoice(Enum):
    """What becomes of a text that was held because something came meanwhile."""

    SEND_ANYWAY = "send-anyway"
    ADD_TO_MINE = "add-to-mine"
    DROP_MINE = "drop-mine"


class RecipientLine(Enum):
    """Which line of the head names them."""

    TO = "To"
    CC = "Cc"
    BCC = "Bcc"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecipientChip:
    """Somebody who gets it; `warning` says why they cannot."""

    mailer: Mailer
    warning: str = ""

    @property
    def label(self) -> str:
        return self.mailer.label

    @property
    def accessible_text(self) -> str:
        name, email = self.mailer.name, self.mailer.email
        parts = (f"{name}, {email}" if name and name != email else email, self.warning)
        return ". ".join(part for part in parts if part)


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftFileView:
    """A file that goes along. `key` is its sha256."""

    key: str
    name: str
    size_label: str
    icon: str = "file"
    caution: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldMessage:
    """Something that came while the founder wrote; `key` opens it."""

    key: str
    who: str
    when: str
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldView:
    """Why it was not sent, and their words; the founder's own stand beside them."""

    title: str
    text: str = ""
    theirs: tuple[HeldMessage, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ComposerView:
    """One draft.

    What can be typed is taken over when its composer is made, and never again: the fields are the
    truth from then on. The rest may change at any time.

    Attributes:
        senders: Addresses it can be from; one alone is no choice.
        quote: What is quoted below the text, as it will stand there.
        quote_summary: What it says while it is folded.
        notices: Above the text: news, doubts, what is not kept. Their buttons are asked for with
            the draft as target; `Action.ATTACH_FILE` is done by the composer itself.
        kept: When it was last kept, in words.
        why_not: Why it cannot be sent now; empty when it can.
        is_send_primary: False while the strip owns the one filled button.
    """

    draft_id: str
    title: str
    sender: Mailer
    senders: tuple[Mailer, ...] = ()
    recipients: Recipients = field(default_factory=Recipients)
    subject: str = ""
    body: str = ""
    cursor: int = 0
    quote: str = ""
    quote_summary: str = ""
    is_formatted: bool = False
    files: tuple[DraftFileView, ...] = ()
    notices: tuple[Notice, ...] = ()
    held: HeldView | None = None
    kept: str = ""
    why_not: str = ""
    is_send_primary: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class UndoView:
    """It is sent when the seconds are over; the bar counts them down by itself.

    Attributes:
        words: As in "Sending to Ingrid Solheim".
        whole_seconds: Of which `seconds_left` are left.
    """

    draft_id: str
    words: str
    seconds_left: float
    whole_seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxRow:
    """A message that the customer may not have.

    Attributes:
        age_label: Since when, as in "14 min".
        state: What goes on with it.
        detail: What the server said, who was refused.
        tone: AMBER for one that has waited long, BRICK for one that the founder decides on.
    """

    draft_id: str
    who: str
    subject: str
    age_label: str
    state: str
    detail: str = ""
    tone: Tone = Tone.NORMAL
    buttons: tuple[ActionButton, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyRow:
    """A saved reply, its name fields filled in."""

    key: str
    name: str
    text: str
