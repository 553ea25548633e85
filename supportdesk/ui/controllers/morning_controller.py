"""The morning scroll: what is in it, which mail of it is open, and what its end says."""

from dataclasses import replace
from datetime import timedelta
from itertools import count

from PySide6.QtCore import QObject, QTimer

from supportdesk.domain.calls import Call
from supportdesk.domain.events import MessageTextFetched
from supportdesk.domain.mail import MessageSummary, MessageText, mail_key
from supportdesk.domain.reading import WORDS_PER_MINUTE
from supportdesk.services.desk import Desk
from supportdesk.services.desk_state import DeskState, TrayState
from supportdesk.services.morning_scroll import MorningScroll, seconds_read
from supportdesk.services.reading_log import ReadingLog
from supportdesk.ui import rows
from supportdesk.ui.controllers.acts import Acts
from supportdesk.ui.controllers.inbox_controller import InboxController
from supportdesk.ui.controllers.inbox_list_controller import InboxListController
from supportdesk.ui.controllers.past_call_actions import about, on_chosen
from supportdesk.ui.main_window import MainWindow
from supportdesk.ui.presenter.morning import (
    EndFacts,
    MailFacts,
    call_piece,
    end_view,
    mail_piece,
    since_line,
)
from supportdesk.ui.presenter.past_calls import noted_words
from supportdesk.ui.presenter.promises import promise_chips
from supportdesk.ui.rows.morning import EndView, InView, MorningView, PieceView

_FETCHED_AHEAD = 4
_TEXTS_HELD = 60
_OF_THE_TIME = 0.5
"""Who was given this part of the time that its words take may have read them all."""
_DAY = timedelta(days=1)


class MorningController(QObject):
    """Owns the scroll that is on show. Its mail in view is the one that the Inbox has open."""

    def __init__(
        self,
        window: MainWindow,
        desk: Desk,
        acts: Acts,
        *,
        inbox: InboxController,
        inbox_list: InboxListController,
        log: ReadingLog,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._window = window
        self._desk = desk
        self._acts = acts
        self._inbox = inbox
        self._inbox_list = inbox_list
        self._log = log
        self._scroll: MorningScroll | None = None
        self._numbers = count(1)
        self._name = ""
        self._texts: dict[str, MessageText] = {}
        self._problems: dict[str, str] = {}
        self._words: dict[str, int] = {}
        self._asked: set[str] = set()
        self._is_strip_first = False
        window.choices.morning_settled.connect(self._settled)

    # --- showing -----------------------------------------------------------------------

    def begin(self) -> None:
        """The founder comes to it: it goes on where it was left."""
        desk, now = self._desk, self._acts.now()
        self._scroll = MorningScroll(
            inbox=desk.inbox,
            history=desk.calls.history,
            people=desk.people,
            store=self._acts.ritual.scroll_store,
            now=now,
        )
        self._name = f"scroll/{next(self._numbers)}"
        self._show()

    def refresh(self, state: DeskState) -> None:
        """Something has come, or has become of what is in it."""
        self._is_strip_first = state.tray is TrayState.YOURS
        if self._scroll is not None:
            self._scroll.look()
            self._show()

    def text_fetched(self, event: MessageTextFetched) -> None:
        key = mail_key(event.account, event.message_id)
        if self._scroll is None or self._scroll.piece(key) is None:
            return
        if event.text is not None:
            self._hold(key, event.text)
        elif event.problem:
            self._problems[key] = event.problem
        self._window.refresh_piece(key)

    def person_forgotten(self) -> None:
        """Nothing of them is shown any more."""
        scroll = self._scroll
        if scroll is None:
            return
        known = self._desk.inbox.message
        mails = [one for one in (*scroll.pieces, *scroll.left_out) if not isinstance(one, Call)]
        calls = [one for one in scroll.pieces if isinstance(one, Call)]
        history = self._desk.calls.history
        scroll.forget(one.key for one in mails if known(one.key) is None)
        scroll.forget(one.key for one in calls if history.call(one.key) is None)
        self._texts.clear()
        self._show()

    def counted(self) -> None:
        """The log has grown: the end says so."""
        if self._scroll is not None and self._scroll.is_at_end:
            self._show()

    # --- the pieces --------------------------------------------------------------------

    @property
    def keys(self) -> tuple[str, ...]:
        return () if self._scroll is None else tuple(one.key for one in self._scroll.pieces)

    def piece(self, key: str) -> PieceView:
        """In words; its text is asked for where it is not here."""
        found = self._scroll.piece(key) if self._scroll is not None else None
        if isinstance(found, Call):
            return self._call_piece(self._desk.calls.call(key) or found)
        if found is None:
            return PieceView(key=key, who="", when="")
        return self._mail_piece(self._desk.inbox.message(key) or found)

    def _mail_piece(self, message: MessageSummary) -> PieceView:
        key = message.key
        conversation = self._desk.inbox.conversation(key)
        facts = MailFacts(
            name=self._desk.people.name_of(message.sender),
            conversation=conversation,
            text=self._text_of(message),
            problem=self._problems.get(key, ""),
            kept=self._inbox.kept_in(key),
            notices=self._inbox.beside(key),
            chips=self._inbox_list.beside(conversation) if conversation is not None else (),
        )
        return mail_piece(message, facts, self._acts.now())

    def _call_piece(self, call: Call) -> PieceView:
        notes = [noted_words(one) for one in self._desk.notes.of_call(call.key)]
        offered = (*on_chosen(self._desk, call), *about(call)[:1])
        actions = [replace(one, rank=rows.ButtonRank.GHOST) for one in offered]
        now = self._acts.now()
        promised = [one for one in self._desk.promises.of_items([call.key]) if one.is_open]
        return call_piece(call, notes, actions, now, promise_chips(promised, now))

    def _text_of(self, message: MessageSummary) -> MessageText | None:
        key = message.key
        text = self._texts.get(key) or self._acts.cached_text(message)
        if text is not None:
            self._hold(key, text)
        elif key not in self._asked:
            self._asked.add(key)
            self._acts.fetch_text(message)
        return text

    def _hold(self, key: str, text: MessageText) -> None:
        self._texts[key] = text
        self._words[key] = text.words
        while len(self._texts) > _TEXTS_HELD:
            del self._texts[next(iter(self._texts))]

    # --- where the founder is ----------------------------------------------------------

    def _settled(self, where: InView) -> None:
        scroll = self._scroll
        if scroll is None:
            return
        scroll.saw(where.seen)
        if where.is_end:
            scroll.came_to_end(self._acts.now())
        elif where.key:
            scroll.came_to(where.key)
        found = scroll.piece(where.key)
        if isinstance(found, MessageSummary):
            self._inbox.follow(self._desk.inbox.message(found.key) or found)
        self._window.show_in_view(where)
        if where.is_end:
            self._show()
        # In a turn of its own: who moves on at once goes first.
        QTimer.singleShot(0, self, lambda: self._fetch_ahead(where.key))

    def _fetch_ahead(self, key: str) -> None:
        """The texts of the next ones are here before they come in view."""
        keys = self.keys
        at = keys.index(key) + 1 if key in keys else len(keys)
        for one in keys[at : at + _FETCHED_AHEAD]:
            found = self._scroll.piece(one) if self._scroll is not None else None
            if isinstance(found, MessageSummary) and one not in self._texts:
                self._text_of(found)

    # --- inside ------------------------------------------------------------------------

    def _show(self) -> None:
        scroll = self._scroll
        if scroll is None:
            return
        view = MorningView(
            name=self._name,
            since=since_line(scroll.since, self._acts.now()),
            pieces=_Pieces(self, self.keys),
            end=self._end(scroll),
            place=scroll.place,
            is_at_end=scroll.is_at_end,
        )
        self._window.show_morning(view)

    def _end(self, scroll: MorningScroll) -> EndView:
        pieces, now = scroll.pieces, self._acts.now()
        mails = [one for one in pieces if isinstance(one, MessageSummary)]
        calls = [one for one in pieces if isinstance(one, Call)]
        keys = {one.key for one in mails}
        counted = self._seconds_counted(scroll, keys)
        needed = sum(self._words.get(key, 0) for key in keys) / WORDS_PER_MINUTE * 60.0
        items = [one.key for one in pieces]
        kept = sum(len(self._desk.voices.of_item(key)) for key in items)
        missed = (self._desk.calls.call(one.key) or one for one in calls)
        facts = EndFacts(
            since=scroll.since,
            people=scroll.people,
            mails=len(mails),
            calls=len(calls),
            passed_over=len(scroll.passed_over),
            counted_seconds=counted,
            is_read=counted >= needed * _OF_THE_TIME,
            is_at_end=scroll.is_at_end,
            left_out=scroll.left_out,
            call_back=next((one for one in missed if one.is_open), None),
            kept=kept,
            promises=self._desk.promises.open(),
            is_strip_first=self._is_strip_first,
            problem=_place_not_kept(scroll),
        )
        return end_view(facts, now)

    def _seconds_counted(self, scroll: MorningScroll, keys: set[str]) -> float:
        log, day = self._log, self._log.today(scroll.since)
        last, weeks = self._log.today(self._acts.now()), []
        while day <= last:
            week = log.week(log.week_on(day))
            weeks.append(week)
            day = week.to_date + _DAY
        return seconds_read(weeks, keys)


class _Pieces:
    """The pieces of one moment: a view that has more of them is another one."""

    def __init__(self, controller: MorningController, keys: tuple[str, ...]) -> None:
        self._controller = controller
        self.keys = keys

    def piece(self, key: str) -> PieceView:
        return self._controller.piece(key)


def _place_not_kept(scroll: MorningScroll) -> rows.Notice | None:
    if scroll.problem is None:
        return None
    return rows.Notice(
        title="Your place in the scroll is not kept",
        text=f"{scroll.problem.title}. {scroll.problem.advice} Nothing else is lost.",
        tone=rows.Tone.AMBER,
    )
