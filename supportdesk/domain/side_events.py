"""What mail servers tell of claims; events like all others (`events.Event`)."""

from dataclasses import dataclass

from supportdesk.domain.errors import Problem
from supportdesk.domain.events import SideTold as SideTold
from supportdesk.domain.mail import MessageId


@dataclass(frozen=True, slots=True, kw_only=True)
class MarksSeen(SideTold):
    """All claims that lie in the mailbox now; what is not among them is gone.

    Attributes:
        claims: A message, and a claim on it in its present form.
    """

    claims: frozenset[tuple[MessageId, str]] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimSettled(SideTold):
    """A wish of the founder's was carried out, as far as it could be.

    Attributes:
        forms: All claims that are on the message now.
        was_wished: The founder wanted to have it, and not to let go.
        problem: Why nothing was done.
    """

    message_id: MessageId
    forms: tuple[str, ...] = ()
    was_wished: bool = False
    problem: Problem | None = None


SideEvent = MarksSeen | ClaimSettled
