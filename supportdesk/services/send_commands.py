"""What the outbox wants done: whoever runs it carries the commands out, in order."""

from dataclasses import dataclass

from supportdesk.domain.answers import Draft, DraftId
from supportdesk.domain.health import SourceName
from supportdesk.domain.sending import Outgoing


@dataclass(frozen=True, slots=True, kw_only=True)
class Freeze:
    """Make the wire form."""

    draft: Draft


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """Put our sending mark on the question, and read it back."""

    outgoing: Outgoing


@dataclass(frozen=True, slots=True, kw_only=True)
class Unmark:
    """Take it back."""

    outgoing: Outgoing


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckThread:
    """Look at inbox, Sent and flags: all that is there is told before the answer."""

    account: SourceName
    token: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Send:
    """Hand it to the server, all but the last dot."""

    outgoing: Outgoing


@dataclass(frozen=True, slots=True, kw_only=True)
class GoOn:
    """The dot may go out: POISED is on disk."""

    account: SourceName
    draft_id: DraftId


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveUp:
    """No dot; the try ends."""

    account: SourceName
    draft_id: DraftId


@dataclass(frozen=True, slots=True, kw_only=True)
class LookFor:
    """Is it in Sent, the inbox or what else is watched?"""

    outgoing: Outgoing


@dataclass(frozen=True, slots=True, kw_only=True)
class FileCopy:
    """See to it that a copy lies in Sent, once."""

    outgoing: Outgoing


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag:
    """Mark the question as answered."""

    outgoing: Outgoing


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowAnswer:
    """The customer has it: fold it into the inbox, so that the question closes."""

    outgoing: Outgoing
    draft: Draft


@dataclass(frozen=True, slots=True, kw_only=True)
class LearnKeepsSent:
    """The server files copies itself, or does not."""

    account: SourceName
    keeps: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Discard:
    """Its wire form is needed no more."""

    account: SourceName
    draft_id: DraftId


SendCommand = (
    Freeze
    | Mark
    | Unmark
    | CheckThread
    | Send
    | GoOn
    | GiveUp
    | LookFor
    | FileCopy
    | Flag
    | ShowAnswer
    | LearnKeepsSent
    | Discard
)
