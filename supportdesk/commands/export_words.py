"""`supportdesk export quotes`: kept words, lessons and promises as files, straight from desk.db.

`supportdesk export all` writes the calls and the reading log beside them.
"""

import os
from contextlib import closing
from pathlib import Path

from supportdesk.adapters.places import Places
from supportdesk.adapters.storage.desk_store import SqliteDeskStore
from supportdesk.adapters.storage.quote_files import WordsFormat, export_quotes
from supportdesk.adapters.week_locale import to_local

_CSV = "csv"


def run_export_quotes(folder: str, wanted: str) -> int:
    """Write kept-words.md, kept-words.json or both; what is CSV elsewhere is Markdown here."""
    asked = WordsFormat.MARKDOWN.value if wanted == _CSV else wanted
    places = Places.from_environment(os.environ)
    places.create_folders()
    with closing(SqliteDeskStore(places.desk_db, is_looked_through=True)) as store:
        words = export_quotes(
            store,
            Path(folder).absolute(),
            tuple(one for one in WordsFormat if asked in ("both", one.value)),
            to_local=to_local,
        )
    print(words)
    return 0


def run_export_all(folder: str, wanted: str) -> int:
    """Everything that can be exported, each in files of its own; the first refusal ends it."""
    from supportdesk.commands.export_calls import run_export_calls
    from supportdesk.commands.log import run_export_log

    run_export_quotes(folder, wanted)
    run_export_calls(folder, wanted, None, None)
    return run_export_log(folder, wanted)
