"""Where promises lie: a port of its own beside `DeskStore`, as `SideStore` is."""

from typing import Protocol

from supportdesk.domain.promises import Promise


class PromiseStore(Protocol):
    """Called from the thread that owns desk.db, first thing in a turn. Raises StoreError."""

    def promises(self) -> list[Promise]: ...

    def save_promise(self, promise: Promise) -> None:
        """Insert, or replace the promise of the same key."""
        ...

    def remove_promise(self, key: str) -> None: ...


class UnkeptPromiseStore:
    """PromiseStore of a desk that keeps nothing, as in a look without a home."""

    def promises(self) -> list[Promise]:
        return []

    def save_promise(self, promise: Promise) -> None: ...

    def remove_promise(self, key: str) -> None: ...
