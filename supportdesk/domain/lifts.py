"""A mail or a call that somebody of the team lifts to the founder: who asks, why, and how (F84)."""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

LIFT_KEYWORD = "$SD-lift"
"""The keyword of a lift; followed by `-` and a name it says who lifts."""


THANKS = "Thank you, here is what I learned:\n\n"
"""How thanks to whoever lifted something begin; what is written below is what was learned."""

_LONGEST_WHY = 300
_FORWARDED = re.compile(
    r"(?:^|\s)(?:[-_]{5}|--\s|begin forwarded message|anfang der weitergeleiteten|début du message"
    r"|(?:from|von|de|od|da|van|fra|från):\s.{0,60}?[<@])",
    re.IGNORECASE,
)
"""Where mail programs begin what is forwarded, or a signature."""


class LiftWay(Enum):
    """How it was lifted; the values are kept in desk.db."""

    ADDRESS = "address"
    """A mail to the lift address, as support+up@example.com."""
    FLAG = "flag"
    KEYWORD = "keyword"
    MAILBOX = "mailbox"
    QUEUE = "queue"
    """The caller was put into the queue for the founder."""
    CODE = "code"
    """The operator pressed the feature code while on the call."""

    @property
    def is_mark(self) -> bool:
        """It stands on the mail server for as long as it is meant, and can be taken off there."""
        return self in (LiftWay.FLAG, LiftWay.KEYWORD, LiftWay.MAILBOX)

    @property
    def is_call(self) -> bool:
        return self in (LiftWay.QUEUE, LiftWay.CODE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lift:
    """One mail or call that was lifted to the founder.

    Attributes:
        key: As `lift_key` makes it: the same lift told again is the same.
        item: Ledger key of the customer's mail or call; of the operator's own mail while, or
            where, it is not known which one they mean.
        contact: The customer's address in lower case, or their number; empty when not known.
        by: Who lifted it; empty where that is not told.
        by_address: Where thanks go; empty when not known.
        why: The operator's words.
        at: When it was lifted, UTC.
        carrier: Ledger key of the operator's mail to the lift address; empty for other ways.
        thanks_draft: The message in which they are thanked for a call; empty while none was begun.
        thanked_at: When the operator was answered.
        seen_at: When the founder had it open, or put the card away.
        ended_at: When it was taken back.
    """

    key: str
    item: str
    contact: str = ""
    by: str = ""
    by_address: str = ""
    why: str = ""
    way: LiftWay
    at: datetime
    carrier: str = ""
    thanks_draft: str = ""
    thanked_at: datetime | None = None
    seen_at: datetime | None = None
    ended_at: datetime | None = None

    @property
    def who(self) -> str:
        """The operator, as the founder reads it."""
        return self.by or self.by_address or "the team"


@dataclass(frozen=True, slots=True, kw_only=True)
class Operator:
    """Somebody of the team who may lift by mail; `name` is empty where none is set."""

    name: str = ""
    email: str

    @property
    def label(self) -> str:
        return self.name or self.email.partition("@")[0]

    @property
    def mark(self) -> str:
        """How the name stands in a keyword: the first word of it, in lower case."""
        return (self.label.split() or [""])[0].casefold()


def lift_key(way: LiftWay, of: str) -> str:
    """The key of a lift.

    Args:
        way: Of lifting.
        of: Ledger key of the call or mail; by address, of the operator's own mail.
    """
    return f"lift/{way.value}/{of}"


def own_words(first_words: str) -> str:
    """What an operator says above the mail that they forward; empty when they say nothing."""
    found = _FORWARDED.search(first_words)
    own = first_words if found is None else first_words[: found.start()]
    return own.strip()[:_LONGEST_WHY]


def up_addresses(address: str, own: tuple[str, ...]) -> tuple[str, ...]:
    """Where mail lifts, in lower case: the one of the settings, else +up at each of our own."""
    if address:
        return (address.casefold(),)
    parts = [one.casefold().partition("@") for one in own]
    return tuple(f"{local}+up@{host}" for local, at, host in parts if at and host)
