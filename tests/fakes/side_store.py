"""A side store in memory: what one run saves, the next one finds; the disk can be made full."""

from supportdesk.domain.errors import StoreError
from supportdesk.domain.side_marks import Claim, MailNote, Snoozed, Tag


class MemorySideStore:
    """SideStore without a disk. Its attributes are open for looking at what was saved."""

    def __init__(self) -> None:
        self.is_full = False
        self.asleep: dict[str, Snoozed] = {}
        self.notes: dict[str, MailNote] = {}
        self.labels: dict[tuple[str, str], Tag] = {}
        self.claimed: dict[tuple[str, str], Claim] = {}

    def snoozed(self) -> list[Snoozed]:
        return list(self.asleep.values())

    def save_snoozed(self, row: Snoozed) -> None:
        self._write()
        self.asleep[row.key] = row

    def remove_snoozed(self, key: str) -> None:
        self._write()
        self.asleep.pop(key, None)

    def mail_notes(self) -> list[MailNote]:
        return list(self.notes.values())

    def save_mail_note(self, note: MailNote) -> None:
        self._write()
        self.notes[note.key] = note

    def remove_mail_note(self, key: str) -> None:
        self._write()
        self.notes.pop(key, None)

    def tags(self) -> list[Tag]:
        return list(self.labels.values())

    def save_tag(self, tag: Tag) -> None:
        self._write()
        self.labels[tag.item, tag.name] = tag

    def remove_tag(self, tag: Tag) -> None:
        self._write()
        self.labels.pop((tag.item, tag.name), None)

    def claims(self) -> list[Claim]:
        return list(self.claimed.values())

    def save_claim(self, claim: Claim) -> None:
        self._write()
        self.claimed[claim.item, claim.form] = claim

    def remove_claim(self, claim: Claim) -> None:
        self._write()
        self.claimed.pop((claim.item, claim.form), None)

    def _write(self) -> None:
        if self.is_full:
            raise StoreError("The disk is full", "Make room.")
