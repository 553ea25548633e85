"""What is told of answers: each step of sending one, and what an open composer has to know.

They are events like all others (`events.Event`), in a module of their own: a tray where nobody
answers does without it.
"""

from dataclasses import dataclass

from supportdesk.domain.answers import DraftId, ReplyHead
from supportdesk.domain.errors import Problem
from supportdesk.domain.events import AnswerTold as AnswerTold
from supportdesk.domain.mail import MessageAddress, MessageId


@dataclass(frozen=True, slots=True, kw_only=True)
class SendMoved(AnswerTold):
    """A step of one outgoing message."""

    draft_id: DraftId


@dataclass(frozen=True, slots=True, kw_only=True)
class SendFrozen(SendMoved):
    """Its wire form is on disk, whole."""

    wire_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SendMarked(SendMoved):
    """Our sending mark was set on the question and read back.

    Attributes:
        mark: Ours, as it lies there now; empty where the server keeps none, or after ours was
            taken back because of the others.
        others: Marks of others that lie there: somebody else answers right now.
    """

    mark: str = ""
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SendUnmarked(SendMoved):
    """Our mark lies on the question no more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SendPoised(SendMoved):
    """The server has all but the last dot, and the worker waits for `go_on` (30 s)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SendAccepted(SendMoved):
    """The server took it.

    Attributes:
        words: What it said, for the log.
    """

    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SendFailed(SendMoved):
    """A step did not work, and surely nothing was sent by it; also of freeze, mark, file, flag.

    Attributes:
        is_final: It will never work as it is: somebody has to change something.
        refused: Addresses that the server would not have, and its words on each.
    """

    problem: Problem
    is_final: bool = False
    refused: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SendDoubtful(SendMoved):
    """The dot went out, and the link went before the server answered."""

    problem: Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class SentLookedFor(SendMoved):
    """Its Message-ID was looked for in Sent, the inbox and what else is watched.

    Attributes:
        place: Where it lies; None when it is nowhere.
    """

    place: MessageAddress | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyFiled(SendMoved):
    """Its copy lies in Sent.

    Attributes:
        place: None where the server does not say (RFC 4315).
        keeps_sent: Whether the server files copies itself, where this was learnt; else None.
    """

    place: MessageAddress | None
    keeps_sent: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerFlagged(SendMoved):
    """The question is marked as answered.

    Attributes:
        is_marked: False where the server does not keep that flag, or the question is gone.
    """

    is_marked: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftCopied(SendMoved):
    """A copy of the draft lies in the Drafts mailbox; None: it was taken away again."""

    place: MessageAddress | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadChecked(AnswerTold):
    """All of inbox, Sent and flags that was there when `token` was asked has been told before."""

    token: str
    problem: Problem | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadFetched(AnswerTold):
    """The head of a message that was asked for; `problem` in words when it could not be had."""

    message_id: MessageId
    head: ReplyHead | None
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimsSeen(AnswerTold):
    """Who says that a message is theirs, in the order of their names.

    Attributes:
        key: Ledger key of the message.
        is_lost: We said so too, and took it back: the first of `claims` has it.
    """

    key: str
    claims: tuple[str, ...]
    is_lost: bool = False


SendStep = (
    SendFrozen
    | SendMarked
    | SendUnmarked
    | SendPoised
    | SendAccepted
    | SendFailed
    | SendDoubtful
    | SentLookedFor
    | CopyFiled
    | AnswerFlagged
    | DraftCopied
)
AnswerEvent = SendStep | ThreadChecked | HeadFetched | ClaimsSeen
