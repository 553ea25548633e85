"""The lift store in memory."""

from supportdesk.domain.lifts import Lift
from supportdesk.services.lift_store import LiftStore


class MemoryLiftStore(LiftStore):
    """LiftStore in memory; `kept` are all lifts by their key."""

    def __init__(self, *lifts: Lift) -> None:
        self.kept = {lift.key: lift for lift in lifts}
        self.error: Exception | None = None

    def lifts(self) -> list[Lift]:
        return list(self.kept.values())

    def save_lift(self, lift: Lift) -> None:
        if self.error is not None:
            raise self.error
        self.kept[lift.key] = lift
