"""Lifts in desk.db: each change is a commit, or a StoreError."""

from datetime import datetime

from supportdesk.adapters.storage.desk_rows import Row, Value, instant, stored_instant
from supportdesk.adapters.storage.kept_tables import KeptTables, typed
from supportdesk.domain.lifts import Lift, LiftWay

_LIFT = (
    "key, item, contact, carrier, by, by_address, why, way, at, thanked_at, seen_at, ended_at,"
    " thanks_draft"
)


class LiftTables(KeptTables):
    """LiftStore port on the connection of desk.db."""

    def lifts(self) -> list[Lift]:
        return self._all("lift", _LIFT, _lift)

    def save_lift(self, lift: Lift) -> None:
        self._replace("lift", _LIFT, _lift_row(lift))


def _lift_row(lift: Lift) -> Row:
    return (
        *(lift.key, lift.item, lift.contact, lift.carrier),
        *(typed(lift.by), lift.by_address, typed(lift.why), lift.way.value),
        stored_instant(lift.at),
        *(_moment_row(lift.thanked_at), _moment_row(lift.seen_at), _moment_row(lift.ended_at)),
        lift.thanks_draft or None,
    )


def _lift(row: Row) -> Lift:
    key, item, contact, carrier, by, by_address, why, way, at, *times, thanks_draft = row
    thanked_at, seen_at, ended_at = times
    return Lift(
        key=str(key),
        item=str(item),
        contact=str(contact),
        carrier=str(carrier),
        thanks_draft=str(thanks_draft or ""),
        by=str(by),
        by_address=str(by_address),
        why=str(why),
        way=LiftWay(way),
        at=instant(at),
        thanked_at=_moment(thanked_at),
        seen_at=_moment(seen_at),
        ended_at=_moment(ended_at),
    )


def _moment_row(at: datetime | None) -> str | None:
    return None if at is None else stored_instant(at)


def _moment(value: Value) -> datetime | None:
    return None if value is None else instant(value)
