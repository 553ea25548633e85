"""What the founder's ritual asks of the rest: the `RitualActs` of the controllers."""

from collections.abc import Callable
from contextlib import closing
from functools import cached_property
from pathlib import Path

from supportdesk.adapters.storage.phone_week_table import PhoneWeekTable
from supportdesk.adapters.storage.scroll_table import ScrollTable
from supportdesk.adapters.week_locale import to_local
from supportdesk.app_words_page import AppWordsPage
from supportdesk.core import Core
from supportdesk.domain.errors import Problem, SecretsUnavailable
from supportdesk.domain.health import SourceName
from supportdesk.domain.mail import MessageId
from supportdesk.domain.search import FoundMail

Answer = Callable[[str, Problem | None], None]
InThread = Callable[[str, Callable[[], str], Answer], None]
"""Does work in a thread of this name; the answer comes back on the GUI thread."""


class AppRitual:
    """Implements the ui's `RitualActs`. Belongs to the GUI thread."""

    def __init__(self, core: Core, in_thread: InThread) -> None:
        self._core = core
        self._in_thread = in_thread

    def export_quotes(self, folder: str, done: Answer) -> None:
        desk_db = self._core.desk_db

        def export() -> str:
            from supportdesk.adapters.storage.desk_store import SqliteDeskStore
            from supportdesk.adapters.storage.quote_files import WordsFormat, export_quotes

            with closing(SqliteDeskStore(desk_db)) as store:
                return export_quotes(store, Path(folder), WordsFormat, to_local=to_local)

        self._in_thread("export of kept words", export, done)

    def find_mail(
        self,
        account: SourceName,
        message_id: MessageId,
        done: Callable[[FoundMail | None, Problem | None], None],
    ) -> None:
        settings = next((one for one in self._core.settings.mail if one.name == account), None)
        if settings is None:
            done(None, None)
            return
        secrets, clock = self._core.secrets, self._core.clock
        found: list[FoundMail | None] = []

        def find() -> str:
            from supportdesk.adapters.mail.source_search import find_mail

            secret = secrets.get(settings.secret_name)
            if secret is None:
                raise SecretsUnavailable(
                    f"There is no password for {account}", "Type it in Settings."
                )
            found.append(find_mail(settings, secret, message_id, clock))
            return ""

        def answered(_words: str, problem: Problem | None) -> None:
            done(found[0] if found else None, problem)

        self._in_thread(f"search in {account}", find, answered)

    @cached_property
    def scroll_store(self) -> ScrollTable:
        kept_in = self._core.kept_in
        return ScrollTable(kept_in.connection, kept_in.path)

    @cached_property
    def phone_week_store(self) -> PhoneWeekTable:
        kept_in = self._core.kept_in
        return PhoneWeekTable(kept_in.connection, kept_in.path)

    @cached_property
    def words_page(self) -> AppWordsPage:
        return AppWordsPage(self._core, self._in_thread)
