"""Saved replies in memory."""

from collections.abc import Sequence

from supportdesk.domain.errors import StoreError
from supportdesk.services.saved_replies import SavedReply, key_for


class MemoryReplies:
    """Implements `ReplyFolder`; `full` is what a full disk says."""

    def __init__(self) -> None:
        self.kept: dict[str, SavedReply] = {}
        self.full: StoreError | None = None

    def replies(self) -> Sequence[SavedReply]:
        return sorted(self.kept.values(), key=lambda one: one.name)

    def save(self, name: str, text: str, key: str = "") -> str:
        if self.full is not None:
            raise self.full
        key = key or key_for(name, self.kept)
        self.kept[key] = SavedReply(key=key, name=name, text=text)
        return key

    def remove(self, key: str) -> None:
        self.kept.pop(key, None)
