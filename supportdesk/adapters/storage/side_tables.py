"""Notes, snoozes, labels and claims in desk.db: each change is a commit, or a StoreError."""

from supportdesk.adapters.storage.desk_rows import Row, instant, stored_instant
from supportdesk.adapters.storage.kept_tables import KeptTables, typed
from supportdesk.domain.side_marks import Claim, MailNote, Snoozed, Tag, TagStanding


class SideTables(KeptTables):
    """SideStore port on the connection of desk.db."""

    def snoozed(self) -> list[Snoozed]:
        return self._all("snoozed", "key, until, at", _snoozed)

    def save_snoozed(self, row: Snoozed) -> None:
        values = (row.key, stored_instant(row.until), stored_instant(row.at))
        self._write("INSERT OR REPLACE INTO snoozed (key, until, at) VALUES (?, ?, ?)", values)

    def remove_snoozed(self, key: str) -> None:
        self._write("DELETE FROM snoozed WHERE key = ?", (key,))

    def mail_notes(self) -> list[MailNote]:
        return self._all("mail_note", "key, item, about, words, by, at, is_shared", _mail_note)

    def save_mail_note(self, note: MailNote) -> None:
        at = stored_instant(note.at)
        self._write(
            "INSERT OR REPLACE INTO mail_note (key, item, about, words, by, at, is_shared)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                *(note.key, note.item, note.about),
                *(typed(note.words), typed(note.by), at, int(note.is_shared)),
            ),
        )

    def remove_mail_note(self, key: str) -> None:
        self._write("DELETE FROM mail_note WHERE key = ?", (key,))

    def tags(self) -> list[Tag]:
        return self._all("tag", "item, name, standing", _tag)

    def save_tag(self, tag: Tag) -> None:
        self._write(
            "INSERT OR REPLACE INTO tag (item, name, standing) VALUES (?, ?, ?)",
            (tag.item, tag.name, tag.standing.value),
        )

    def remove_tag(self, tag: Tag) -> None:
        self._write("DELETE FROM tag WHERE item = ? AND name = ?", (tag.item, tag.name))

    def claims(self) -> list[Claim]:
        return self._all("claim_seen", "item, form, since", _claim)

    def save_claim(self, claim: Claim) -> None:
        values = (claim.item, claim.form, stored_instant(claim.since))
        self._write(
            "INSERT OR REPLACE INTO claim_seen (item, form, since) VALUES (?, ?, ?)", values
        )

    def remove_claim(self, claim: Claim) -> None:
        self._write("DELETE FROM claim_seen WHERE item = ? AND form = ?", (claim.item, claim.form))


def _snoozed(row: Row) -> Snoozed:
    key, until, at = row
    return Snoozed(key=str(key), until=instant(until), at=instant(at))


def _mail_note(row: Row) -> MailNote:
    key, item, about, words, by, at, is_shared = row
    return MailNote(
        key=str(key),
        item=str(item),
        about=str(about),
        words=str(words),
        by=str(by),
        at=instant(at),
        is_shared=bool(is_shared),
    )


def _tag(row: Row) -> Tag:
    item, name, standing = row
    return Tag(item=str(item), name=str(name), standing=TagStanding(standing))


def _claim(row: Row) -> Claim:
    item, form, since = row
    return Claim(item=str(item), form=str(form), since=instant(since))
