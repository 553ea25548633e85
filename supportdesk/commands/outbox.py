"""`supportdesk outbox`: what was sent and has not gone out yet, by the running app or desk.db."""

import os
import sys

from PySide6.QtCore import QCoreApplication

from supportdesk.adapters.clock import SystemClock
from supportdesk.adapters.desktop.single_instance import ask
from supportdesk.adapters.places import Places
from supportdesk.adapters.storage.answer_table import AnswerTable
from supportdesk.adapters.storage.desk_store import SqliteDeskStore
from supportdesk.adapters.week_locale import to_local
from supportdesk.services.outbox_lines import met_again, outbox_as_json, outbox_as_text
from supportdesk.services.watch_lines import JsonValue, as_line

_ANSWER_SECONDS = 5.0
_NOT_RUNNING = "supportdesk is not running here: nothing of this goes out until it does."


def run_outbox(*, as_json: bool) -> int:
    """Print the messages, the oldest first; without a running app as the next run meets them."""
    places = Places.from_environment(os.environ)
    _app = QCoreApplication(sys.argv[:1])  # Qt's sockets want one
    answer = ask(places, {"verb": "outbox"}, _ANSWER_SECONDS)
    told = answer.get("messages") if answer is not None else None
    is_running = isinstance(told, list)
    messages = told if isinstance(told, list) else _on_disk(places)
    if as_json:
        print(as_line({"is_running": is_running, "messages": messages}))
        return 0
    print(outbox_as_text(messages, SystemClock().now(), to_local))
    if messages and not is_running:
        print(f"supportdesk: {_NOT_RUNNING}", file=sys.stderr)
    return 0


def _on_disk(places: Places) -> list[JsonValue]:
    if not places.desk_db.exists():
        return []
    store = SqliteDeskStore(places.desk_db)
    try:
        table = AnswerTable(store.connection, store.path)
        return outbox_as_json(met_again(table.outgoing(), table.drafts()))
    finally:
        store.close()
