"""An answer store in memory, which can refuse to write as a full disk does."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from supportdesk.domain.answers import Draft, DraftId, DraftVersion
from supportdesk.domain.errors import StoreError
from supportdesk.domain.health import SourceName
from supportdesk.domain.sending import Outgoing, SendState


class MemoryAnswerStore:
    """AnswerStore without a disk. Its attributes are open for looking at what was saved.

    Attributes:
        is_full: Every write is refused from now on, as by a full disk.
        written: Each outgoing message in the order in which it was saved.
    """

    def __init__(self) -> None:
        self.kept: dict[DraftId, Draft] = {}
        self.before: dict[DraftId, list[DraftVersion]] = {}
        self.on_its_way: dict[DraftId, Outgoing] = {}
        self.learnt: dict[SourceName, bool] = {}
        self.written: list[Outgoing] = []
        self.is_full = False

    def save_draft(self, draft: Draft, at: datetime) -> None:
        """Every text that was replaced is a version here."""
        self._write()
        present = self.kept.get(draft.draft_id)
        if present is not None and present.body not in ("", draft.body):
            versions = self.before.setdefault(draft.draft_id, [])
            number = len(versions) + 1
            version = DraftVersion(number=number, body=present.body, at=present.changed_at)
            versions.append(version)
        self.kept[draft.draft_id] = replace(draft, changed_at=at)

    def draft(self, draft_id: DraftId) -> Draft | None:
        return self.kept.get(draft_id)

    def drafts(self) -> list[Draft]:
        by_id = sorted(self.kept.values(), key=lambda one: one.draft_id)
        return sorted(by_id, key=lambda one: one.changed_at, reverse=True)

    def versions(self, draft_id: DraftId) -> list[DraftVersion]:
        return list(reversed(self.before.get(draft_id, [])))

    def remove_draft(self, draft_id: DraftId) -> None:
        self._write()
        self.kept.pop(draft_id, None)
        self.before.pop(draft_id, None)

    def save_outgoing(self, outgoing: Outgoing) -> None:
        self._write()
        self.on_its_way[outgoing.draft_id] = outgoing
        self.written.append(outgoing)

    def outgoing(self) -> list[Outgoing]:
        rows = [one for one in self.on_its_way.values() if one.state is not SendState.DONE]
        return sorted(rows, key=lambda one: (one.since, one.draft_id))

    def clear_done(self, before: datetime) -> None:
        self._write()
        done = [one for one in self.on_its_way.values() if one.state is SendState.DONE]
        for row in done:
            self.kept.pop(row.draft_id, None)
            self.before.pop(row.draft_id, None)
            if (row.sent_at or row.since) < before:
                del self.on_its_way[row.draft_id]

    def remove_outgoing(self, draft_id: DraftId) -> None:
        self._write()
        self.on_its_way.pop(draft_id, None)

    def learn_keeps_sent(self, account: SourceName, at: datetime, *, keeps: bool) -> None:
        self._write()
        self.learnt[account] = keeps

    def keeps_sent(self, account: SourceName) -> bool | None:
        return self.learnt.get(account)

    def states_of(self, draft_id: DraftId) -> Sequence[str]:
        """Names of the states that were written of it, in order."""
        return [one.state.name for one in self.written if one.draft_id == draft_id]

    def _write(self) -> None:
        if self.is_full:
            raise StoreError("The disk is full, so desk.db cannot be written", "Make room.")
