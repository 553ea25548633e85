"""What is being written, journalled as it is typed: nothing typed is ever lost (F26).

What the composer hands over is on disk half a second later at most; what cannot be written stays in
memory, is said to be so, and is tried again until the disk takes it. The versions of a text are the
store's.
"""

from dataclasses import replace
from datetime import datetime

from supportdesk.domain.answers import Draft, DraftId, DraftVersion
from supportdesk.domain.errors import Problem, StoreError
from supportdesk.services.answer_ports import AnswerStore
from supportdesk.services.ports import Clock

PAUSE_SECONDS = 0.5
AGAIN_SECONDS = 5.0


class Drafts:
    """All drafts of this desk. One thread calls it, the one that owns the store."""

    def __init__(self, store: AnswerStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._drafts: dict[DraftId, Draft] = {}
        self._troubles: dict[DraftId, Problem] = {}
        self._failing_since: dict[DraftId, datetime] = {}
        # Of what is not yet on disk: when it is written.
        self._due: dict[DraftId, float] = {}
        self._written_at: dict[DraftId, float] = {}

    def restore(self) -> tuple[Draft, ...]:
        """What was being written when the last run ended, newest first. Raises StoreError."""
        for draft in self._store.drafts():
            self._drafts.setdefault(draft.draft_id, draft)
        return self.drafts()

    def draft(self, draft_id: DraftId) -> Draft | None:
        return self._drafts.get(draft_id)

    def drafts(self) -> tuple[Draft, ...]:
        """Newest first."""
        return tuple(sorted(self._drafts.values(), key=lambda one: one.changed_at, reverse=True))

    def versions(self, draft_id: DraftId) -> tuple[DraftVersion, ...]:
        """What its text was before, newest first. Raises StoreError."""
        return tuple(self._store.versions(draft_id))

    def begin(self, draft: Draft) -> None:
        """Keep it from the first moment on. Raises StoreError: then it was not begun."""
        self._store.save_draft(draft, self._clock.now())
        self._drafts[draft.draft_id] = draft

    def typed(self, draft: Draft) -> bool:
        """Something of it has changed; it is on disk now, or as soon as `due` is called.

        One that was dropped stays so: a last word of its composer may come after that.

        Returns:
            True when its trouble began, changed or ended.
        """
        known = self._drafts.get(draft.draft_id)
        if known is None or known == replace(draft, changed_at=known.changed_at):
            return False
        self._drafts[draft.draft_id] = replace(draft, changed_at=self._clock.now())
        seconds = self._clock.monotonic_seconds()
        written_at = self._written_at.get(draft.draft_id, float("-inf"))
        if draft.draft_id not in self._due and seconds - written_at >= PAUSE_SECONDS:
            return self._write(draft.draft_id)
        self._due.setdefault(draft.draft_id, written_at + PAUSE_SECONDS)
        return False

    def keep(self, draft: Draft) -> None:
        """Change it, and have it on disk now. Raises StoreError: then nothing has changed."""
        now = self._clock.now()
        self._store.save_draft(draft, now)
        self._drafts[draft.draft_id] = replace(draft, changed_at=now)
        self._is_written(draft.draft_id)

    def close(self, draft_id: DraftId) -> None:
        """It is put away, and kept: write what is not yet written."""
        if draft_id in self._due:
            self._write(draft_id)

    def drop(self, draft_id: DraftId) -> None:
        """Nobody wants it any more, versions and all. Raises StoreError: then it is still there."""
        self._store.remove_draft(draft_id)
        self._let_go(draft_id)

    def read_again(self) -> None:
        """Some were deleted from desk.db: let go of them. Raises StoreError."""
        kept = {draft.draft_id for draft in self._store.drafts()}
        for draft_id in self._drafts.keys() - kept:
            self._let_go(draft_id)

    def trouble(self, draft_id: DraftId) -> Problem | None:
        """Why its newest words are not on disk; None while all is well."""
        return self._troubles.get(draft_id)

    def failing_since(self, draft_id: DraftId) -> datetime | None:
        return self._failing_since.get(draft_id)

    def due(self) -> tuple[DraftId, ...]:
        """Write what is due; returns those of which more, or less, is in trouble than before."""
        seconds = self._clock.monotonic_seconds()
        ready = [one for one, due in self._due.items() if due <= seconds]
        return tuple([one for one in ready if self._write(one)])

    def write_all(self) -> None:
        """The run ends: write all that is not yet written."""
        for draft_id in list(self._due):
            self._write(draft_id)

    def next_due(self) -> float | None:
        """When `due` has something to do, in monotonic seconds; None while all is written."""
        return min(self._due.values(), default=None)

    def _write(self, draft_id: DraftId) -> bool:
        """True when its trouble began, changed or ended."""
        before = self._troubles.get(draft_id)
        try:
            self._store.save_draft(self._drafts[draft_id], self._clock.now())
        except StoreError as error:
            self._troubles[draft_id] = error.problem
            self._failing_since.setdefault(draft_id, self._clock.now())
            self._due[draft_id] = self._clock.monotonic_seconds() + AGAIN_SECONDS
        else:
            self._written_at[draft_id] = self._clock.monotonic_seconds()
            self._is_written(draft_id)
        return self._troubles.get(draft_id) != before

    def _is_written(self, draft_id: DraftId) -> None:
        for kept in (self._troubles, self._failing_since, self._due):
            kept.pop(draft_id, None)

    def _let_go(self, draft_id: DraftId) -> None:
        self._drafts.pop(draft_id, None)
        self._written_at.pop(draft_id, None)
        self._is_written(draft_id)
