"""A promise store in memory: what one run saves, the next one finds; the disk can be made full."""

from supportdesk.domain.errors import StoreError
from supportdesk.domain.promises import Promise


class MemoryPromiseStore:
    """PromiseStore without a disk. Its attributes are open for looking at what was saved."""

    def __init__(self) -> None:
        self.is_full = False
        self.made: dict[str, Promise] = {}

    def promises(self) -> list[Promise]:
        return list(self.made.values())

    def save_promise(self, promise: Promise) -> None:
        self._write()
        self.made[promise.key] = promise

    def remove_promise(self, key: str) -> None:
        self._write()
        self.made.pop(key, None)

    def _write(self) -> None:
        if self.is_full:
            raise StoreError("The disk is full", "Make room.")
