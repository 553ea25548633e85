"""Values of the silence alarm: what is tested of a source that is quiet, and what is known then."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum

from supportdesk.domain.errors import Problem
from supportdesk.domain.health import SourceKind, SourceName
from supportdesk.domain.mail import MessageSummary
from supportdesk.domain.quiet import UsualTraffic

TEST_MAIL = "<supportdesk-test."
"""How the Message-ID of a mail to ourselves begins."""


def is_test_mail(message: MessageSummary) -> bool:
    """Sent by us, here or on another computer, to see whether it comes back: no news of anybody.

    Others may call their mail the same, so it has to be from an address of ours as well.
    """
    return message.is_ours and message.message_id.startswith(TEST_MAIL)


class Test(Enum):
    """What can be tested of a source."""

    __test__ = False  # no test of pytest's

    LOOK = "look"
    """What leaves no trace."""
    MAIL = "mail"
    """A mail to ourselves, through the server for sending."""
    SEARCH = "search"
    """Where that mail is, since it was not heard of."""


class Verdict(Enum):
    """What is known of a silence."""

    QUIET = "customers are quiet"
    ASKED = "not known, the founder is asked"
    DEAF = "we are deaf"
    UNREACHED = "the server does not answer"
    NOT_DELIVERED = "mail does not arrive"
    NOT_SENT = "the test mail did not go out"


FAULTS = (Verdict.DEAF, Verdict.UNREACHED, Verdict.NOT_DELIVERED)
"""With these the silence was rightly asked about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ear:
    """A source whose silence can be tested.

    Attributes:
        address: Where its mail comes in; empty for a phone.
        can_send: It has a server for sending, so a mail to itself can be sent.
    """

    source: SourceName
    kind: SourceKind
    address: str = ""
    can_send: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Habit:
    """What was learned of a source.

    Attributes:
        question_weight: What a silence has to weigh before the founder is asked.
        newest: When something came last, as far as is kept.
        today: What came today until then.
    """

    traffic: UsualTraffic = field(default_factory=UsualTraffic)
    question_weight: float = 9.0
    newest: datetime | None = None
    today: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What came of a look.

    Attributes:
        unheard: Messages that the server has and we had not heard of.
        is_alive: Our own link answered.
        problem: Why the server could not be asked.
    """

    unheard: int = 0
    is_alive: bool = True
    problem: Problem | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A test to be done now."""

    source: SourceName
    test: Test
    message_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What is known of a silence, in words; a problem is for the founder to hear of."""

    verdict: Verdict
    words: str
    problem: Problem | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """The same, with its moment."""

    at: datetime
    found: Found
