"""What was promised to a customer, and by when: a line of a note that ends with "!" (F93)."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum


class PromiseState(Enum):
    """What became of a promise; the values are kept in desk.db.

    DROPPED: the founder says that it needs not be kept any more.
    """

    OPEN = "open"
    KEPT = "kept"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """One line of a note, as it was typed, without its mark.

    Attributes:
        key: Of this promise; it ends with the key of the note that it stands in, if that is here.
        item: Ledger key of the message or the call that was noted of.
        who: The customer's name at that time.
        contact: Their address in lower case, or their number in E.164; empty for neither.
        made_at: When the note was written, UTC.
        due: When it is to be kept, UTC.
        settled_at: When it was kept or dropped.
    """

    key: str
    item: str
    words: str
    who: str
    contact: str
    made_at: datetime
    due: datetime
    state: PromiseState = PromiseState.OPEN
    settled_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        return self.state is PromiseState.OPEN

    def is_due(self, now: datetime) -> bool:
        """It is open, and its time has come."""
        return self.is_open and self.due <= now
