"""Where lifts are kept: a port of its own beside `DeskStore`, as `SideStore` is."""

from typing import Protocol

from supportdesk.domain.lifts import Lift


class LiftStore(Protocol):
    """Called from the thread that owns desk.db, first thing in a turn. Raises StoreError."""

    def lifts(self) -> list[Lift]: ...

    def save_lift(self, lift: Lift) -> None:
        """Insert, or replace the lift of the same key."""
        ...


class UnkeptLiftStore:
    """LiftStore of a desk that keeps nothing, as in a look without a home."""

    def lifts(self) -> list[Lift]:
        return []

    def save_lift(self, lift: Lift) -> None: ...
