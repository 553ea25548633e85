"""Messages and conversations as facts. A message's address is (mailbox, uidvalidity, uid)."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NewType

from supportdesk.domain.cards import Card
from supportdesk.domain.health import SourceName

MessageId = NewType("MessageId", str)
"""A Message-ID with its angle brackets (RFC 5322, 3.6.4), or one of ours for mail without any."""

NO_MESSAGE_ID = "@without-message-id.invalid>"
"""How the id ends that we make up for a message without any."""

PART_BREAK = "\f"
"""Between the parts of a long `MessageText.html`, each of them well-formed and quickly shown."""
SIGNATURE_BREAK = PART_BREAK * 2
"""Before the signature in it; to whom that means nothing, it is a break like the others."""

_NO_REPLY = re.compile(
    r"(?:^|[._+-])(?:no|do[._-]?not|not)[._-]?reply|^mailer-daemon$|^bounces?(?:[+-]|$)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageAddress:
    """Where a message is now (RFC 3501, 2.3.1.1). Never a sequence number."""

    mailbox: str
    uidvalidity: int
    uid: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailer:
    """Somebody in a From, To or Cc line; `name` is empty when the header has none."""

    name: str
    email: str

    @property
    def label(self) -> str:
        return self.name or self.email


def is_no_reply(email: str) -> bool:
    """Tell whether nobody reads what is sent to this address."""
    return _NO_REPLY.search(email.rpartition("@")[0].lower()) is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageSummary:
    """What is known of a message without its body.

    Attributes:
        sent_at: The Date header, or the arrival when that is missing or absurd.
        arrived_at: INTERNALDATE.
        preview: The first words of the text; empty until the body is read.
        is_robot: Auto-Submitted, List-Id, Precedence or a no-reply sender (F57).
        is_ours: From one of the account's own addresses.
        is_sent_copy: It lies in the Sent mailbox.
        references: Message-IDs of the ancestors, oldest first (References, then In-Reply-To).
        has_attachments: A guess by its Content-Type until the text has been read.
    """

    account: SourceName
    message_id: MessageId
    address: MessageAddress
    sender: Mailer
    recipients: tuple[Mailer, ...] = ()
    subject: str = ""
    preview: str = ""
    sent_at: datetime
    arrived_at: datetime
    references: tuple[MessageId, ...] = ()
    is_robot: bool = False
    is_ours: bool = False
    is_sent_copy: bool = False
    is_answered: bool = False
    is_seen: bool = False
    has_attachments: bool = False
    size_bytes: int = 0

    @property
    def key(self) -> str:
        return mail_key(self.account, self.message_id)


def mail_key(account: SourceName, message_id: MessageId) -> str:
    """The ledger key of a message: it survives moves and a new UIDVALIDITY (F3, F4)."""
    return f"mail/{account}/{message_id}"


WHOLE_MESSAGE = "*"
"""As a section: the message as it came, head and all (BODY[] in RFC 9051, 6.4.5.1)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MessagePart:
    """An attachment by name and size; its bytes stay on the server until they are asked for.

    Attributes:
        size_bytes: Once decoded; an estimate where only the encoded size is known.
        section: Its number in the message (RFC 9051, 6.4.5.1), as in BODY.PEEK[2.1]; empty when it
            cannot be fetched by itself.
        encoding: Content-Transfer-Encoding, in lower case; empty for none.
        content_id: Without angle brackets: what `cid:` in the HTML refers to.
        is_inline: The HTML shows it; it is no attachment to list.
    """

    name: str
    media_type: str
    size_bytes: int
    section: str = ""
    encoding: str = ""
    content_id: str = ""
    is_inline: bool = False


_PACKED = "/"


def packed_section(container: MessagePart, part: MessagePart) -> str:
    """As a section: what lies packed in another part, which is fetched and unpacked for it."""
    return f"{container.section}{_PACKED}{part.size_bytes}-{part.name}"


def fetched_section(section: str) -> str:
    """The section that the server is asked for."""
    return section.partition(_PACKED)[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageText:
    """The readable content of a message.

    Attributes:
        text: Newly written text, as plain text.
        quoted: Folded in the view: the signature, after a line `-- `, then quoted history.
        html: Washed and flattened HTML for the reading pane, its parts divided by `PART_BREAK`;
            None when there was no HTML. Images are `cid:ID` or, where the sender's refers to the
            network, `remote:N`.
        remote_images: The addresses behind `remote:N`; nothing is loaded from them unasked. An
            empty one stands for a hidden image that only tracks: counted, never loaded.
        cards: Invitations, forwarded messages, signed and encrypted parts.
        notices: Sentences on what could not be decoded or was left out.
        words: Words of `text`, for the reading clock.
        images: Images in the body, for the reading clock.
    """

    account: SourceName
    message_id: MessageId
    text: str
    quoted: str = ""
    html: str | None = None
    remote_images: tuple[str, ...] = ()
    cards: tuple[Card, ...] = ()
    parts: tuple[MessagePart, ...] = ()
    notices: tuple[str, ...] = ()
    words: int = 0
    images: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Who answered a conversation, and how long the customer had waited."""

    by: str
    at: datetime
    after: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """A thread of mail with one customer, as the list shows it.

    Attributes:
        key: Ledger key of its newest customer message: what an alert or a click refers to.
        waiting_since: First customer message without an answer after it; None when none waits, or
            when it is put off.
        messages: Oldest first.
        put_off_until: Somebody waits, and the founder wants to see it again at this time.
        has_come_back: That time has come, and it was not opened since.
    """

    key: str
    account: SourceName
    customer: Mailer
    subject: str
    preview: str
    newest_at: datetime
    waiting_since: datetime | None
    answer: Answer | None
    is_robot: bool
    is_unread_by_me: bool
    needs_no_reply: bool
    messages: tuple[MessageSummary, ...]
    put_off_until: datetime | None = None
    has_come_back: bool = False
