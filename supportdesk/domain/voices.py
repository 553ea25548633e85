"""What customers said and the founder kept, word for word, and what was learned from it."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum


class Felt(Enum):
    """How the one who said it felt: chosen by hand, never guessed. Values are kept in desk.db."""

    DELIGHTED = "delighted"
    RELIEVED = "relieved"
    PUZZLED = "puzzled"
    FRUSTRATED = "frustrated"
    LET_DOWN = "let down"


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """Words of a customer (F70); they are never edited.

    Attributes:
        key: Made when it is kept; no two computers make the same.
        words: As they stood on the screen when they were kept, or as they were typed after a call.
        item: Ledger key of the mail or call in which they were said; empty for none.
        who: The name of who said it, as it was known then.
        contact: Their address in lower case, or their number, normalised; empty when withheld.
        said_at: When it was said, UTC.
        kept_at: When it was kept, UTC.
        note: The founder's own words beside it.
        talk_seconds: How long they talked, of a call that was answered.
    """

    key: str
    words: str
    item: str = ""
    who: str
    contact: str = ""
    said_at: datetime
    kept_at: datetime
    felt: Felt | None = None
    note: str = ""
    talk_seconds: float | None = None


class TypedFor(Enum):
    """What words become when they are kept. Values are kept in desk.db."""

    QUOTE = "quote"
    BESIDE_QUOTE = "beside-quote"
    LESSON = "lesson"


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedLine:
    """Words that are not kept yet, as far as they are typed; a kill loses none of them.

    Attributes:
        item: Ledger key of the mail or call they are from, or key of what they change; empty for
            neither.
        who: Whom they are about, as they were named then.
        contact: Their address in lower case, or their number, normalised; empty when withheld.
        at: When they were typed, UTC.
    """

    kind: TypedFor
    item: str = ""
    words: str
    who: str = ""
    contact: str = ""
    at: datetime

    @property
    def key(self) -> str:
        """One line at a time is typed for the same."""
        return f"{self.kind.value}/{self.item}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """One line to "What did we learn?", after a call or a conversation.

    Attributes:
        key: Made when it is written; no two computers make the same.
        item: Ledger key of the mail or call that taught it; empty for none.
        who: The customer, as they were named then.
        contact: Their address in lower case, or their number, normalised; empty when withheld.
        at: When it was written, UTC.
    """

    key: str
    item: str = ""
    words: str
    who: str = ""
    contact: str = ""
    at: datetime
