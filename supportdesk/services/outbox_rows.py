"""The outgoing messages in memory, each as it is on disk; what a full disk refused is kept apart.

What has happened is true whether the disk takes it or not, so memory goes on. But what a message
could be sent twice by is done only when it is on disk: `commit` raises, and nothing has changed.
"""

from collections.abc import Iterator

from supportdesk.domain.answers import DraftId
from supportdesk.domain.errors import Problem, StoreError
from supportdesk.domain.sending import Outgoing
from supportdesk.services.answer_ports import AnswerStore


class OutboxRows:
    """All that are not yet done."""

    def __init__(self, store: AnswerStore) -> None:
        self._store = store
        self._rows: dict[DraftId, Outgoing] = {}
        self._unwritten: set[DraftId] = set()
        self._changed: set[DraftId] = set()
        self.problem: Problem | None = None
        """Why the disk did not take the last one; None while all is written."""

    def __iter__(self) -> Iterator[Outgoing]:
        """As it is now: rows may be put while one goes through them."""
        return iter(list(self._rows.values()))

    def get(self, draft_id: DraftId) -> Outgoing | None:
        return self._rows.get(draft_id)

    def take_up(self, outgoing: Outgoing) -> None:
        """As it is on disk."""
        self._rows[outgoing.draft_id] = outgoing

    def put(self, outgoing: Outgoing) -> Outgoing:
        """It is so; written now, or as soon as the disk takes it."""
        self._rows[outgoing.draft_id] = outgoing
        self._changed.add(outgoing.draft_id)
        try:
            self._store.save_outgoing(outgoing)
        except StoreError as error:
            self._unwritten.add(outgoing.draft_id)
            self.problem = error.problem
        else:
            self._is_written(outgoing.draft_id)
        return outgoing

    def commit(self, outgoing: Outgoing) -> Outgoing:
        """It is so once it is on disk. Raises StoreError: then nothing has changed."""
        self._store.save_outgoing(outgoing)
        self._rows[outgoing.draft_id] = outgoing
        self._changed.add(outgoing.draft_id)
        self._is_written(outgoing.draft_id)
        return outgoing

    def remove(self, draft_id: DraftId) -> None:
        """Nobody wants it any more. Raises StoreError: then it is still there."""
        self._store.remove_outgoing(draft_id)
        self.let_go(draft_id)

    def let_go(self, draft_id: DraftId) -> None:
        """It is done, and stays on disk as it is."""
        self._rows.pop(draft_id, None)
        self._changed.add(draft_id)
        self._is_written(draft_id)

    def take_changed(self) -> frozenset[DraftId]:
        """Which are not as they were when this was asked last."""
        changed = frozenset(self._changed)
        self._changed.clear()
        return changed

    def is_written(self, draft_id: DraftId) -> bool:
        return draft_id not in self._unwritten

    @property
    def is_waiting_for_disk(self) -> bool:
        return bool(self._unwritten)

    def write_again(self) -> None:
        """Try once more what the disk has refused."""
        for draft_id in list(self._unwritten):
            self.put(self._rows[draft_id])

    def _is_written(self, draft_id: DraftId) -> None:
        self._unwritten.discard(draft_id)
        if not self._unwritten:
            self.problem = None
