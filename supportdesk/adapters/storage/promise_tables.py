"""Promises in desk.db: each change is a commit, or a StoreError."""

from supportdesk.adapters.storage.desk_rows import Row, instant, stored_instant
from supportdesk.adapters.storage.kept_tables import KeptTables, typed
from supportdesk.domain.promises import Promise, PromiseState

_COLUMNS = "key, item, words, who, contact, made_at, due, state, settled_at"


class PromiseTables(KeptTables):
    """PromiseStore port on the connection of desk.db."""

    def promises(self) -> list[Promise]:
        return self._all("promise", _COLUMNS, _promise)

    def save_promise(self, promise: Promise) -> None:
        settled_at = promise.settled_at
        self._replace(
            "promise",
            _COLUMNS,
            (
                *(promise.key, promise.item, typed(promise.words), typed(promise.who)),
                *(promise.contact, stored_instant(promise.made_at), stored_instant(promise.due)),
                *(promise.state.value, None if settled_at is None else stored_instant(settled_at)),
            ),
        )

    def remove_promise(self, key: str) -> None:
        self._write("DELETE FROM promise WHERE key = ?", (key,))


def _promise(row: Row) -> Promise:
    key, item, words, who, contact, made_at, due, state, settled_at = row
    return Promise(
        key=str(key),
        item=str(item),
        words=str(words),
        who=str(who),
        contact=str(contact),
        made_at=instant(made_at),
        due=instant(due),
        state=PromiseState(state),
        settled_at=None if settled_at is None else instant(settled_at),
    )
