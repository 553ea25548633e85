"""Weeks on the phones in desk.db: each change is a commit, or a StoreError."""

import json
from datetime import date

from supportdesk.adapters.storage.desk_rows import Row
from supportdesk.adapters.storage.kept_tables import KeptTables, typed
from supportdesk.domain.phone_week import PhoneWeek, Ramp

_COLUMNS = "key, who, monday, ramp"


class PhoneWeekTable(KeptTables):
    """PhoneWeekStore port on the connection of desk.db."""

    def phone_weeks(self) -> list[PhoneWeek]:
        return self._all("phone_week", _COLUMNS, _phone_week)

    def save_phone_week(self, week: PhoneWeek) -> None:
        ramp = {"buddy": typed(week.buddy), "days": [one.value for one in week.ramp]}
        row = (typed(week.key), typed(week.who), week.monday.isoformat(), json.dumps(ramp))
        self._replace("phone_week", _COLUMNS, row)

    def remove_phone_week(self, key: str) -> None:
        self._write("DELETE FROM phone_week WHERE key = ?", (typed(key),))


def _phone_week(row: Row) -> PhoneWeek:
    key, who, monday, text = row
    ramp = json.loads(str(text))
    if not isinstance(ramp, dict) or not isinstance(ramp.get("days"), list):
        raise ValueError("its days cannot be read")
    return PhoneWeek(
        key=str(key),
        who=str(who),
        buddy=str(ramp.get("buddy", "")),
        monday=date.fromisoformat(str(monday)),
        ramp=tuple(Ramp(one) for one in ramp["days"]),
    )
