"""The list of the Inbox: conversations, the search, and the notice above them."""

from dataclasses import replace
from datetime import datetime

from PySide6.QtCore import QObject, Signal

from supportdesk.domain.health import Hearing, SourceKind
from supportdesk.services.desk import Desk
from supportdesk.services.desk_state import DeskState
from supportdesk.ui import rows
from supportdesk.ui.controllers.acts import Acts
from supportdesk.ui.main_window import MainWindow
from supportdesk.ui.presenter.inbox_list import inbox_view

_QUIET = rows.EmptyView(
    head="Nobody is waiting.",
    sentence="New mail appears here by itself. This is a good moment for coffee.",
)


class InboxListController(QObject):
    """Owns what the list shows; which message is open is not its business.

    Signals:
        conversation_chosen: The key of a conversation row that the founder chose.
        message_chosen: The `MessageSummary` of an old mail that the founder chose, which
            `desk.inbox` need not hold.
    """

    conversation_chosen = Signal(str)
    message_chosen = Signal(object)

    def __init__(self, window: MainWindow, desk: Desk, acts: Acts, parent: QObject) -> None:
        super().__init__(parent)
        self._window = window
        self._desk = desk
        self._acts = acts
        self._search = ""
        self._notice: rows.Notice | None = None
        window.choices.conversation_chosen.connect(self.conversation_chosen)
        window.choices.search_changed.connect(self._search_for)

    def refresh(self, state: DeskState) -> None:
        """Show the list anew."""
        view = inbox_view(
            self._desk.inbox.conversations(),
            now=state.at,
            search=self._search,
            as_of=_deaf_mail_since(state),
            empty=_QUIET,
        )
        self._window.show_inbox(replace(view, banner=self._notice))

    def show_all(self) -> None:
        """The next refresh shows the whole list, without search or notice."""
        self._search, self._notice = "", None

    def say(self, notice: rows.Notice) -> None:
        """Stays above the list from the next refresh on until it is taken back."""
        self._notice = notice

    def take_back(self) -> None:
        """The notice has been read; the list shows without it at once."""
        if self._notice is not None:
            self._notice = None
            self._refresh_now()

    # --- inside ------------------------------------------------------------------------

    def _refresh_now(self) -> None:
        self.refresh(self._desk.state(self._acts.now()))

    def _search_for(self, words: str) -> None:
        self._search = words
        self._refresh_now()


def _deaf_mail_since(state: DeskState) -> datetime | None:
    deaf = [
        health.last_heard_at or health.since
        for health in state.healths
        if health.kind is SourceKind.MAIL and health.hearing is Hearing.DEAF
    ]
    return min(deaf, default=None)
