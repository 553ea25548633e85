"""The list of the Inbox: conversations, old mail, what a search found, the notice above them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from PySide6.QtCore import QObject, QTimer, Signal

from supportdesk.domain.events import (
    Event,
    HistoryStored,
    MessageChanged,
    MessageGone,
    MessagesArrived,
    SyncProgressed,
)
from supportdesk.domain.health import Hearing, SourceKind, SourceName
from supportdesk.domain.mail import Conversation, MessageSummary
from supportdesk.domain.promises import Promise
from supportdesk.domain.search import OldMail, SearchAnswer
from supportdesk.services.desk import Desk
from supportdesk.services.desk_state import DeskState
from supportdesk.ui import rows
from supportdesk.ui.controllers.acts import Acts
from supportdesk.ui.main_window import MainWindow
from supportdesk.ui.presenter.found_mail import MOST_FOUND, found_view
from supportdesk.ui.presenter.inbox_list import Knocked, inbox_view, list_progress
from supportdesk.ui.presenter.lifts import lift_chip
from supportdesk.ui.presenter.old_mail import OldPages
from supportdesk.ui.presenter.promises import promise_chips
from supportdesk.ui.presenter.side import side_chips

_QUIET = rows.EmptyView(
    head="Nobody is waiting.",
    sentence="New mail appears here by itself. This is a good moment for coffee.",
)
# A first listing stores old mail many times a second; each look at it reads 100,000 rows.
_LOOK_AGAIN_MS = 2_000
_RAREST_LOOK_MS = 30_000
# What falls out of the inbox with each new mail is old mail from then on; nobody waits for that.
_DRIFTED_MS = 60_000
_SHOW_PROGRESS_MS = 200


class InboxListController(QObject):
    """Owns what the list shows; which message is open is not its business.

    Signals:
        conversation_chosen: The key of a conversation row that the founder chose.
        message_chosen: The `MessageSummary` of one mail that the founder chose, old or found,
            which `desk.inbox` need not hold.
    """

    conversation_chosen = Signal(str)
    message_chosen = Signal(object)

    def __init__(self, window: MainWindow, desk: Desk, acts: Acts, parent: QObject) -> None:
        super().__init__(parent)
        self._window = window
        self._desk = desk
        self._acts = acts
        self._notice: rows.Notice | None = None
        self._words = ""
        self._most = MOST_FOUND
        self._answer: SearchAnswer | None = None
        self._old = OldMail()
        self._knocks: Knocked = {}
        self._begun: Mapping[str, str] = {}
        self._pages = OldPages(acts.cached_messages)
        self._is_listing = False
        self._is_stale = True
        self._asked_at = acts.now()
        self._accounts: tuple[SourceName, ...] = ()
        self._progress: dict[SourceName, SyncProgressed] = {}
        self._look_again = self._timer(_LOOK_AGAIN_MS, self._list_old_mail)
        self._drifted = self._timer(_DRIFTED_MS, self._old_mail_changed)
        self._show_progress = self._timer(_SHOW_PROGRESS_MS, self._refresh_now)
        window.choices.conversation_chosen.connect(self._choose)
        window.choices.search_changed.connect(self._search_for)

    def refresh(self, state: DeskState) -> None:
        """Show the list anew."""
        self._follow_accounts()
        if self._is_stale and not self._look_again.isActive():
            self._list_old_mail()
        view = self._list_view(state) if self._answer is None else self._found_view(state)
        self._window.show_inbox(replace(view, banner=self._notice, progress=self._listing()))

    def is_overtaken_by_calls(self, now: datetime) -> bool:
        """Somebody of the list tries for the third time by phone, or has been reached."""
        return self._knocks != self._desk.knocks.in_inbox(now)

    def show_all(self) -> None:
        """The next refresh shows the whole list, without search or notice."""
        self._give_up_search()
        self._notice = None

    def say(self, notice: rows.Notice) -> None:
        """Stays above the list from the next refresh on until it is taken back."""
        self._notice = notice

    def take_back(self) -> None:
        """The notice has been read; the list shows without it at once."""
        if self._notice is not None:
            self._notice = None
            self._refresh_now()

    def show_begun(self, words: Mapping[str, str]) -> None:
        """What became of the founder's own answers: the rows of these messages say so."""
        if words != self._begun:
            self._begun = words
            self._refresh_now()

    def mail_was_deleted(self) -> None:
        """Nothing that was listed or found before holds."""
        self._give_up_search()
        self._pages.forget()
        self._old_mail_changed()

    def find_more(self) -> None:
        """Older ones of what is looked for; those on show stay where they are."""
        if self._answer is not None and self._answer.words == self._words:
            self._most = len(self._answer.hits) + MOST_FOUND
            self._acts.search(self._words, self._most, self._found)

    def event_seen(self, event: Event) -> None:
        match event:
            case HistoryStored():
                self._old_mail_changed()
            case SyncProgressed():
                self._progressed(event)
            case MessagesArrived(messages=messages):
                self._has_drifted()
                if any(self._may_be_listed_twice(one.key) for one in messages):
                    self._old_mail_changed()
            case MessageGone():
                self._has_drifted()
            case MessageChanged(message=message):
                self._pages.forget()
                if self._is_listed_twice(message.key):
                    self._old_mail_changed()
            case _:
                pass

    def _has_drifted(self) -> None:
        if not self._drifted.isActive():
            self._drifted.start()

    def _may_be_listed_twice(self, key: str) -> bool:
        """It lies in mail.db before the desk is told of it: a list read meanwhile has it as old."""
        if self._is_listing:
            return self._desk.inbox.message(key) is not None
        return self._is_listed_twice(key)

    def _is_listed_twice(self, key: str) -> bool:
        """Old mail that the desk has taken in since it was listed."""
        is_held = self._desk.inbox.message(key) is not None
        return is_held and self._pages.index_of(key, self._old) >= 0

    # --- what is shown -----------------------------------------------------------------

    def _list_view(self, state: DeskState) -> rows.InboxView:
        self._knocks = self._desk.knocks.in_inbox(state.at)
        promised = self._desk.promises.open()
        return inbox_view(
            self._desk.inbox.conversations(),
            now=state.at,
            as_of=_deaf_mail_since(state),
            empty=_QUIET,
            old=self._old,
            pages=self._pages,
            knocks=self._knocks,
            name_of=self._desk.people.name_of,
            names_accounts=self._names_accounts,
            begun=self._begun,
            beside=lambda one: self._beside(one, promised, state.at),
            promised=promised,
            lifted=self._lifted(),
        )

    def _lifted(self) -> frozenset[str]:
        """Conversations that the team lifted, and that the founder has not done with."""
        lifts, inbox = self._desk.known_lifts, self._desk.inbox
        if lifts is None:
            return frozenset()
        found = (inbox.conversation(item) for item in lifts.items())
        return frozenset(one.key for one in found if one is not None and one.waiting_since)

    def beside(self, conversation: Conversation) -> tuple[rows.ChipView, ...]:
        """The chips of its row: promises, who lifted it, who has it, labels, notes."""
        promised = self._desk.promises.open()
        return tuple(self._beside(conversation, promised, self._acts.now()))

    def _beside(
        self, conversation: Conversation, promised: Sequence[Promise], now: datetime
    ) -> Iterable[rows.ChipView]:
        keys = {one.key for one in conversation.messages} if promised else frozenset[str]()
        yield from promise_chips([one for one in promised if one.item in keys], now)
        lifts = self._desk.known_lifts
        lift = None if lifts is None else lifts.of(one.key for one in conversation.messages)
        if lift is not None and (lift.seen_at is None or conversation.waiting_since is not None):
            yield lift_chip(lift)
        yield from side_chips(conversation, self._desk.side, now)

    def _found_view(self, state: DeskState) -> rows.InboxView:
        assert self._answer is not None  # noqa: S101 - asked only while there is one
        return found_view(
            self._answer,
            now=state.at,
            as_of=_deaf_mail_since(state),
            unread=self._unread(self._answer),
            names_accounts=self._names_accounts,
        )

    def _unread(self, answer: SearchAnswer) -> dict[str, bool]:
        """Of what was found: the newest mail of a conversation that the founder has yet to read."""
        unread = {}
        for hit in answer.hits:
            conversation = self._desk.inbox.conversation(hit.message.key)
            if conversation is not None and conversation.key == hit.message.key:
                unread[hit.message.key] = conversation.is_unread_by_me
        return unread

    def _listing(self) -> rows.ListProgress | None:
        watched = {mail.name for mail in self._acts.settings().mail}
        return list_progress([one for one in self._progress.values() if one.account in watched])

    @property
    def _names_accounts(self) -> bool:
        return len(self._acts.settings().mail) > 1

    def _refresh_now(self) -> None:
        self.refresh(self._desk.state(self._acts.now()))

    def _choose(self, key: str) -> None:
        message = self._message_of(key)
        if message is not None:
            self.message_chosen.emit(message)
        else:
            self.conversation_chosen.emit(key)

    def _message_of(self, key: str) -> MessageSummary | None:
        """A row that is one mail, not a conversation."""
        if self._answer is not None:
            found = (hit.message for hit in self._answer.hits if hit.message.key == key)
            return next(found, None)
        if self._desk.inbox.message(key) is not None:
            return None
        return self._pages.message(key)

    # --- searching ---------------------------------------------------------------------

    def _search_for(self, words: str) -> None:
        """Nothing waits for the founder to stop typing: each search gives up the one before it."""
        if words.strip():
            self._words, self._most = words, MOST_FOUND
            self._acts.search(words, self._most, self._found)
        else:
            self._give_up_search()
            self._refresh_now()

    def _found(self, answer: SearchAnswer) -> None:
        if answer.words == self._words:
            self._answer = answer
            self._refresh_now()

    def _give_up_search(self) -> None:
        if self._words:
            self._words, self._answer = "", None
            self._acts.search("", MOST_FOUND, self._found)

    # --- old mail ----------------------------------------------------------------------

    def _old_mail_changed(self) -> None:
        self._is_stale = True
        if self._window.isVisible() and not self._look_again.isActive():
            self._look_again.start()

    def _list_old_mail(self) -> None:
        if self._is_listing:
            return
        self._is_listing, self._is_stale = True, False
        self._asked_at = self._acts.now()
        self._acts.list_history(self._listed)

    def _listed(self, old: OldMail) -> None:
        self._is_listing = False
        # While a mailbox is listed for the first time there is always news: most of the time is
        # for the listing itself, not for looking at it.
        took = (self._acts.now() - self._asked_at).total_seconds() * 1000
        self._look_again.setInterval(max(_LOOK_AGAIN_MS, min(_RAREST_LOOK_MS, round(took * 10))))
        if self._is_stale:
            self._look_again.start()
        if old == self._old:
            return
        self._old = old
        self._pages.forget()
        self._refresh_now()

    def _progressed(self, event: SyncProgressed) -> None:
        self._progress[event.account] = event
        if self._window.isVisible() and not self._show_progress.isActive():
            self._show_progress.start()

    def _follow_accounts(self) -> None:
        """Mail of an account that has left the settings is not listed any more."""
        accounts = tuple(mail.name for mail in self._acts.settings().mail)
        if accounts != self._accounts:
            self._accounts, self._is_stale = accounts, True

    def _timer(self, milliseconds: int, act: Callable[[], None]) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(milliseconds)
        timer.timeout.connect(act)
        return timer


def _deaf_mail_since(state: DeskState) -> datetime | None:
    deaf = [
        health.last_heard_at or health.since
        for health in state.healths
        if health.kind is SourceKind.MAIL and health.hearing is Hearing.DEAF
    ]
    return min(deaf, default=None)
