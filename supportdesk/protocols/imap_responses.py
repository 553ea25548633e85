"""What an IMAP server can say (RFC 3501 section 7), as plain values."""

from dataclasses import dataclass

Token = bytes | None | list["Token"]
"""A string or atom, NIL, or a parenthesised list."""

UidRange = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Continuation:
    """`+`: the server waits for more, or says that IDLE has begun."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TaggedStatus:
    """The end of a command of ours."""

    tag: str
    status: str
    code: str
    text: str

    @property
    def is_ok(self) -> bool:
        return self.status == "OK"

    @property
    def has_missing_messages(self) -> bool:
        """Some messages of a FETCH are gone by now: what came in their place means nothing.

        Dovecot describes them as empty ones; it ends a FETCH with NO, and a UID FETCH with OK and
        EXPUNGEISSUED (RFC 5530, section 3).
        """
        return self.status == "NO" or self.code.upper() == "EXPUNGEISSUED"


@dataclass(frozen=True, slots=True, kw_only=True)
class UntaggedStatus:
    """`* OK`, `* NO`, `* BAD`, `* PREAUTH` with its code, such as `UIDNEXT 7`."""

    status: str
    code: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Bye:
    """The server ends the connection."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Exists:
    """How many messages the open mailbox holds."""

    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Expunge:
    """The message with this sequence number is gone; the numbers after it move up."""

    seq: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Vanished:
    """These uids are gone (RFC 7162, 3.2.10).

    Attributes:
        is_earlier: They were gone before this mailbox was opened: EXISTS does not count them.
    """

    ranges: tuple[UidRange, ...]
    is_earlier: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetch:
    """Facts about one message; a fact that was not sent is None.

    Attributes:
        structure: BODYSTRUCTURE, for protocols/body_structure.
        sections: Parts by their number (RFC 9051, 6.4.5.1), as far as they were asked for.
    """

    seq: int
    uid: int | None = None
    flags: frozenset[str] | None = None
    internaldate: bytes | None = None
    size: int | None = None
    envelope: list[Token] | None = None
    header: bytes | None = None
    body: bytes | None = None
    structure: list[Token] | None = None
    sections: tuple[tuple[str, bytes], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """Uids that were found: one by one in the answer to SEARCH, as ranges in that of ESEARCH."""

    uids: tuple[int, ...] = ()
    ranges: tuple[UidRange, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Capability:
    """What the server can do, in upper case."""

    names: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedMailbox:
    """One line of LIST; the name is still in modified UTF-7."""

    attributes: frozenset[str]
    name: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class MailboxStatus:
    """The answer to STATUS; a number that was not sent is 0."""

    messages: int = 0
    uidnext: int = 0
    uidvalidity: int = 0
    unseen: int = 0
    highestmodseq: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherResponse:
    """Something that we do not use."""

    line: bytes


Response = (
    Continuation
    | TaggedStatus
    | UntaggedStatus
    | Bye
    | Exists
    | Expunge
    | Vanished
    | Fetch
    | Search
    | Capability
    | ListedMailbox
    | MailboxStatus
    | OtherResponse
)
