"""`supportdesk forget WHO`: somebody is taken out of all that is kept here, after asking.

The files are gone through here; an app that runs lets go of what it has in memory.
"""

import os
import sys
from contextlib import closing

from PySide6.QtCore import QCoreApplication

from supportdesk.adapters.clock import SystemClock
from supportdesk.adapters.desktop.single_instance import ask
from supportdesk.adapters.places import Places
from supportdesk.adapters.settings_file import SettingsFile
from supportdesk.adapters.storage.desk_store import SqliteDeskStore
from supportdesk.adapters.storage.home_erasure import HomeErasure
from supportdesk.domain.errors import StoreError
from supportdesk.services.forgetting import STAYS, Forgotten

_ANSWER_SECONDS = 60.0
_WORD = "forget"


def run_forget(who: str, *, is_sure: bool) -> int:
    """Say what goes, ask, then erase it; 1 when nothing was done."""
    places = Places.from_environment(os.environ)
    places.create_folders()
    # Whose a number is, and which addresses are the team's own, is said there: a broken file stops.
    settings = SettingsFile(places.settings_path).load().settings
    _app = QCoreApplication.instance() or QCoreApplication(sys.argv[:1])  # Qt's sockets want one
    with closing(SqliteDeskStore(places.desk_db, is_looked_through=True)):
        erasure = HomeErasure(places, places.desk_db, settings, SystemClock())
        found = erasure.meant(who)
        question = erasure.look(found).question
        if question:
            print(f"{found.label}. {question}\n{STAYS}")
        else:
            print(f"Nothing is kept here of {found.label}.")
        # With --yes also then: an erasure of before may have left remnants.
        if not is_sure and not (question and _is_meant()):
            print("Nothing was deleted.")
            return 1
        words = erasure.erase(found, lambda gone: _leave(places, gone))
    print(words)
    return 0


def _is_meant() -> bool:
    if not sys.stdin.isatty():
        raise StoreError(
            "There is nobody here to ask whether they shall be forgotten",
            "Run it on a terminal, or with --yes.",
        )
    try:
        return input(f"Type {_WORD} to go on: ").strip().lower() == _WORD
    except EOFError:
        return False


def _leave(places: Places, who: Forgotten) -> None:
    answer = ask(places, {"verb": "forget", **who.as_fields()}, _ANSWER_SECONDS)
    if answer is not None and not answer.get("ok"):
        raise StoreError(str(answer.get("title")), str(answer.get("advice")))
