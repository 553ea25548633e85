"""What is put beside conversations: internal notes, until when they are put off, labels, claims.

None of it is part of any mail: nothing here is ever read by what writes answers.
"""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

LONGEST_TAG = 30
CLAIM_PREFIX = "$SD-claim-"
"""The keyword of a claim, followed by who has it (`claim_as` of the settings)."""
TAG_PREFIX = "$SD-tag-"
_RENEWED = "--r"
_MARKER = "#"
_NO_TAG_SIGN = re.compile(r"[^\w-]+")
_NO_NAME_SIGN = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class MailNote:
    """An internal note on a conversation; the words are kept as they were typed (F47).

    Attributes:
        key: Of this note.
        item: Ledger key of the message that it was written about.
        about: Address of the customer, in lower case.
        by: Who wrote it; empty for the founder.
        at: When it was written, UTC.
        is_shared: It lies in the mailbox of notes, where the team can read it.
    """

    key: str
    item: str
    about: str = ""
    words: str
    by: str = ""
    at: datetime
    is_shared: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Snoozed:
    """A conversation that was put off (F49).

    Attributes:
        key: Ledger key of the customer's newest message at that time: what they write next is
            not put off.
        until: When it wakes, by the wall clock, UTC.
        at: When that was chosen.
    """

    key: str
    until: datetime
    at: datetime


class TagStanding(Enum):
    """How a tag stands with the mail server; the values are kept in desk.db.

    LOCAL: it is on this computer only. WANTED: it shall be shared. SET: it is on the server.
    SHARED: it was also seen there as colleagues see it, so that a colleague has taken it off when
    it is seen no more; some servers keep keywords and name none. GOING: it was taken off here, and
    not yet there.
    """

    LOCAL = "local"
    WANTED = "wanted"
    SET = "set"
    SHARED = "shared"
    GOING = "going"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """A label on a message, and so on its conversation."""

    item: str
    name: str
    standing: TagStanding = TagStanding.LOCAL


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """Somebody says that they answer this conversation (F46).

    Attributes:
        item: Ledger key of the message that carries it.
        form: How it stands there: a name as in `claim_as`, and whether it was renewed.
        since: When this program first saw it in this form: claims carry no time.
    """

    item: str
    form: str
    since: datetime

    @property
    def who(self) -> str:
        return claimer_of(self.form)


def shared_note_id(note: MailNote, by: str) -> str:
    """Its Message-ID where it is shared: one for all its words, and no two founders make the same.

    Args:
        note: One of the founder's own.
        by: Their name, as they claim.
    """
    made_of = f"{by} {note.key} {note.at.isoformat()}".encode("utf-8", "replace")
    return f"<note-{hashlib.sha256(made_of).hexdigest()[:32]}@supportdesk.invalid>"


def tag_name(words: str) -> str:
    """As it is kept: letters, digits, hyphens; empty when nothing is left of it."""
    return _NO_TAG_SIGN.sub("-", words.strip().lstrip("#")).strip("-_")[:LONGEST_TAG].casefold()


def claim_name(words: str) -> str:
    """Who claims, as a keyword can say it on any server; empty for none."""
    return _NO_NAME_SIGN.sub("-", words.strip().casefold()).strip("-")[:LONGEST_TAG]


def claimer_of(form: str) -> str:
    """Whose claim it is, renewed or not."""
    return form.removesuffix(_RENEWED).partition(_MARKER)[0]


def renewed_form(form: str) -> str:
    """Another one of the same person: who sees it change knows that they are still at it."""
    name = claimer_of(form)
    return name if form.endswith(_RENEWED) else name + _RENEWED


def claim_order(form: str) -> tuple[int, str]:
    """Of several on one message the least holds: of markers the first, else the least name."""
    return (marker_uid(form), claimer_of(form))


def marker_form(name: str, uid: int) -> str:
    """A claim by a message of its own: a new one has another form."""
    return f"{name}{_MARKER}{uid}"


def marker_uid(form: str) -> int:
    """The uid of a claim by a message of its own; 0 for any other."""
    number = form.partition(_MARKER)[2]
    return int(number) if number.isdigit() else 0


def claims_among(flags: Iterable[str]) -> frozenset[str]:
    """The claims among the flags of a message; servers spell keywords in any case."""
    begin = CLAIM_PREFIX.lower()
    low = (flag.lower() for flag in flags)
    return frozenset(flag.removeprefix(begin) for flag in low if flag.startswith(begin))
