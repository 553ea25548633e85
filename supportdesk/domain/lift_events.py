"""What mail servers and phones tell of lifts: events like all (`events.Event`)."""

from dataclasses import dataclass
from datetime import datetime

from supportdesk.domain.calls import CallId
from supportdesk.domain.events import LiftTold as LiftTold
from supportdesk.domain.lifts import LiftWay
from supportdesk.domain.mail import MessageId


@dataclass(frozen=True, slots=True, kw_only=True)
class CallLifted(LiftTold):
    """An operator asks for the founder on a call.

    Attributes:
        number: The customer's; so is `name`. Both are empty where they are not known.
        by: Name of the member who lifts it; empty where the phone does not tell.
        why: In the operator's words; empty where they said nothing.
    """

    call_id: CallId
    number: str = ""
    name: str = ""
    by: str = ""
    by_interface: str = ""
    why: str = ""
    way: LiftWay
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class MailLifted(LiftTold):
    """A mail to the lift address that is proved to be an operator's, or a mail that was moved.

    It is told before the mail itself, so that no other alert comes first.

    Attributes:
        message_id: Of the operator's own mail, or of what was moved.
        about: Messages that the operator's mail names as what it is about, the nearest first.
        by: Name of the operator; empty where that is not told.
    """

    message_id: MessageId
    about: tuple[MessageId, ...] = ()
    by: str = ""
    by_address: str = ""
    way: LiftWay
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LiftMarksSeen(LiftTold):
    """All marks of lifting that lie in a mailbox now.

    Attributes:
        flagged: Messages with the flag; None where it means nothing.
        keywords: A message, and who lifted it as the keyword says; "" where it names nobody.
        is_whole: These are all keywords; else nothing is said of messages not among them.
        is_flags_whole: The same of flags.
    """

    mailbox: str
    flagged: frozenset[MessageId] | None = None
    keywords: frozenset[tuple[MessageId, str]] = frozenset()
    is_whole: bool = True
    is_flags_whole: bool = True

    @property
    def is_empty(self) -> bool:
        return not self.keywords and self.flagged is None
