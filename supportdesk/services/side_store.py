"""Where notes, snoozes, labels and claims are kept: a port of its own beside `DeskStore`.

Unlike that one it never waits for a full disk: what cannot be written is said at once, to the
founder who is just typing it.
"""

from typing import Protocol

from supportdesk.domain.side_marks import Claim, MailNote, Snoozed, Tag


class SideStore(Protocol):
    """Called from the thread that owns desk.db, first thing in a turn. Raises StoreError."""

    def snoozed(self) -> list[Snoozed]: ...

    def save_snoozed(self, row: Snoozed) -> None:
        """Insert, or replace the row of the same key."""
        ...

    def remove_snoozed(self, key: str) -> None: ...

    def mail_notes(self) -> list[MailNote]: ...

    def save_mail_note(self, note: MailNote) -> None:
        """Insert, or replace the note of the same key."""
        ...

    def remove_mail_note(self, key: str) -> None: ...

    def tags(self) -> list[Tag]: ...

    def save_tag(self, tag: Tag) -> None:
        """Insert, or replace the tag of the same message and name."""
        ...

    def remove_tag(self, tag: Tag) -> None: ...

    def claims(self) -> list[Claim]: ...

    def save_claim(self, claim: Claim) -> None:
        """Insert, or replace the claim of the same message and form."""
        ...

    def remove_claim(self, claim: Claim) -> None: ...


class UnkeptSideStore:
    """SideStore of a desk that keeps nothing beside its messages, as in a look without a home."""

    def snoozed(self) -> list[Snoozed]:
        return []

    def save_snoozed(self, row: Snoozed) -> None: ...

    def remove_snoozed(self, key: str) -> None: ...

    def mail_notes(self) -> list[MailNote]:
        return []

    def save_mail_note(self, note: MailNote) -> None: ...

    def remove_mail_note(self, key: str) -> None: ...

    def tags(self) -> list[Tag]:
        return []

    def save_tag(self, tag: Tag) -> None: ...

    def remove_tag(self, tag: Tag) -> None: ...

    def claims(self) -> list[Claim]:
        return []

    def save_claim(self, claim: Claim) -> None: ...

    def remove_claim(self, claim: Claim) -> None: ...
