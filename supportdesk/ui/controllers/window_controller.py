"""The window as a whole: refreshes what changed and sends each choice to who handles it.

Over 400 lines, for the controllers of all pages meet here; what one does is in a module of its own.
"""

from collections.abc import Callable
from functools import partial
from typing import assert_never

from PySide6.QtCore import QObject

from supportdesk.domain.answers import Draft
from supportdesk.domain.errors import Problem
from supportdesk.domain.events import DialProgressed, Event, MessageTextFetched, PartFetched
from supportdesk.domain.hours import ToLocal
from supportdesk.domain.send_events import HeadFetched
from supportdesk.domain.side_events import ClaimSettled, NoteNotShared, TagSettled
from supportdesk.services.claims import ClaimLost
from supportdesk.services.desk import Desk
from supportdesk.services.desk_state import Area, DeskState
from supportdesk.services.forgetting import Forgotten
from supportdesk.services.log_corrections import LogCorrections
from supportdesk.services.ports import Clock
from supportdesk.services.reading_log import ReadingLog
from supportdesk.ui.controllers.acts import Acts
from supportdesk.ui.controllers.attachments_controller import AttachmentsController
from supportdesk.ui.controllers.calls_controller import CallsController
from supportdesk.ui.controllers.forgetting_person import ForgettingPerson
from supportdesk.ui.controllers.health_controller import HealthController, HealthDesk
from supportdesk.ui.controllers.inbox_controller import InboxController
from supportdesk.ui.controllers.inbox_list_controller import InboxListController
from supportdesk.ui.controllers.message_acts import MESSAGE_ACTIONS, is_undo_of_its_own
from supportdesk.ui.controllers.morning_controller import MorningController
from supportdesk.ui.controllers.note_controller import NoteController
from supportdesk.ui.controllers.phone_week_controller import PhoneWeekController
from supportdesk.ui.controllers.promise_acts import PromiseActs
from supportdesk.ui.controllers.reading_controller import ReadingController
from supportdesk.ui.controllers.saved_replies_controller import SavedRepliesController
from supportdesk.ui.controllers.settings_controller import SettingsController
from supportdesk.ui.controllers.spelling_controller import SpellingController
from supportdesk.ui.controllers.versions_controller import VersionsController
from supportdesk.ui.controllers.voices_controller import VoicesController
from supportdesk.ui.controllers.week_controller import WeekController
from supportdesk.ui.controllers.week_words_controller import WeekWordsController
from supportdesk.ui.controllers.zoom_controller import ZoomController
from supportdesk.ui.main_window import MainWindow
from supportdesk.ui.presenter.strip import rail_view, strip_view, strip_without_settings
from supportdesk.ui.presenter.unsent import with_unsent, worth_a_word
from supportdesk.ui.rows import Action, Notice, Page, Tone
from supportdesk.ui.theme.theme import Theme

_SHOWN_ON = {
    Page.INBOX: frozenset({Area.INBOX, Area.HEALTH, Area.VOICES}),
    Page.CALLS: frozenset({Area.CALLS, Area.HEALTH}),
    Page.VOICES: frozenset({Area.VOICES, Area.CALLS}),
    Page.WEEK: frozenset({Area.CALLS, Area.HEALTH}),
    Page.HEALTH: frozenset({Area.HEALTH}),
    Page.SETTINGS: frozenset({Area.HEALTH}),
    Page.MORNING: frozenset({Area.INBOX, Area.CALLS, Area.VOICES}),
}


class WindowController(QObject):
    """Owns the area controllers. Built with the window, when it is first needed."""

    def __init__(
        self,
        window: MainWindow,
        *,
        theme: Theme,
        desk: Desk,
        log: ReadingLog,
        corrections: LogCorrections,
        clock: Clock,
        to_local: ToLocal,
        acts: Acts,
        health: HealthDesk,
        settings_path: str,
    ) -> None:
        super().__init__(window)
        self.window = window
        self._desk = desk
        self._acts = acts
        self._health = HealthController(window, health)
        self._file_problem: Problem | None = None
        self.reading = ReadingController(
            window, log=log, clock=clock, to_local=to_local, parent=self
        )
        self._notes = NoteController(window, desk, acts, self)
        self._inbox_list = InboxListController(window, desk, acts, self)
        self._inbox = InboxController(
            window,
            desk,
            acts,
            theme=theme,
            inbox_list=self._inbox_list,
            notes=self._notes,
            parent=self,
        )
        self._morning = MorningController(
            window,
            desk,
            acts,
            inbox=self._inbox,
            inbox_list=self._inbox_list,
            log=log,
            parent=self,
        )
        self._zoom = ZoomController(window, theme, acts, self)
        self._attachments = AttachmentsController(window, desk, acts, self)
        self._calls = CallsController(
            window,
            desk,
            acts,
            theme=theme,
            week_at=lambda now: log.week_on(log.today(now)),
            to_local=to_local,
            parent=self,
        )
        self._replies = SavedRepliesController(window, acts, theme, self)
        self._versions = VersionsController(
            window, acts, theme=theme, to_local=to_local, parent=self
        )
        self._replies.said.connect(self._inbox.compose.said)
        self._spelling = SpellingController(window, acts, theme, self)
        self._spelling.said.connect(self._inbox.compose.said)
        self._week_words = WeekWordsController(
            window,
            desk=desk,
            log=log,
            acts=acts,
            theme=theme,
            to_local=to_local,
            open_item=self.open_item,
            say=lambda notice: self.voices.say(notice),
            parent=self,
        )
        self._phone_week = PhoneWeekController(
            window,
            desk=desk,
            acts=acts,
            theme=theme,
            to_local=to_local,
            open_item=self.open_item,
            parent=self,
        )
        self.voices = VoicesController(
            window,
            desk=desk,
            log=log,
            acts=acts,
            quotes=self._inbox.quotes,
            notes=self._notes,
            to_local=to_local,
            open_item=self.open_item,
            banner=self._week_words.banner,
            parent=self,
        )
        self._week_words.changed.connect(self._page_changed)
        self._inbox.quotes.done.connect(self._done_here)
        self._inbox.quotes.said_here.connect(self._say_here)
        self.week = WeekController(
            window,
            desk=desk,
            log=log,
            corrections=corrections,
            acts=acts,
            theme=theme,
            to_local=to_local,
            open_item=self.open_item,
            parent=self,
        )
        self._settings = SettingsController(
            window,
            theme=theme,
            acts=acts,
            nudge=desk.nudge,
            file_path=settings_path,
            parent=self,
        )
        self._promises = PromiseActs(
            window, desk, acts, theme=theme, done=self._done_here, say=self._say_here
        )
        self._forgetting = ForgettingPerson(window, acts, theme, self._say_here)
        self._inbox.people.forget_asked.connect(self._forgetting.ask)
        self._calls.forget_asked.connect(self._forgetting.ask)
        self._handlers = self._all_handlers()
        self._inbox.opened.connect(self.reading.opened)
        self._inbox.compose.typed.connect(self.reading.typed)
        self._inbox.compose.left.connect(self.reading.reply_closed)
        self._inbox.compose.typed.connect(lambda key, _label: self._inbox.side.typed(key))
        self._notes.failed.connect(self._note_failed)
        self.reading.counted.connect(self._counted)
        self.week.log_acts.changed.connect(self._counted)
        window.choices.asked.connect(self._asked)
        window.choices.item_chosen.connect(self.open_item)
        window.choices.page_shown.connect(self._page_shown)
        window.time_passed.connect(self._time_passed)
        self._inbox.take_up_drafts()
        self.voices.take_up_typed()

    # --- showing -----------------------------------------------------------------------

    def refresh(self, areas: frozenset[Area]) -> None:
        """Read anew what changed; a page that is not on show waits until it is."""
        if not self.window.isVisible():
            return
        if self.window.is_first_run and self._desk.health.healths():
            self.window.show_page(Page.INBOX)
            return
        state = self._desk.state(self._acts.now())
        self._show_strip(state)
        self.window.show_lift(self._inbox.lifts.card())
        self._week_words.refresh()
        self._phone_week.refresh()
        shown_on = _SHOWN_ON[self.window.page]
        if Area.CALLS in areas and self._inbox_list.is_overtaken_by_calls(state.at):
            shown_on |= {Area.CALLS}
        if areas & shown_on:
            self._show_page(self.window.page, state)

    def refresh_all(self) -> None:
        self.refresh(frozenset(Area))

    def stop(self) -> None:
        """The run ends: write what was read and written; show and read nothing any more."""
        self._inbox.compose.stop()
        self._spelling.stop()
        self.reading.stop()
        self._zoom.keep()
        self._notes.stop()
        self.week.stop()
        self._calls.stop()
        self.window.put_away()

    def event_seen(self, event: Event) -> None:
        self._inbox_list.event_seen(event)
        self._attachments.event_seen(event)
        self._notes.event_seen(event)
        self._inbox.outbox.forwards.event_seen(event)
        match event:
            case MessageTextFetched():
                self._inbox.text_fetched(event)
                self._morning.text_fetched(event)
            case PartFetched():
                self._inbox.part_fetched(event)
            case HeadFetched():
                self._inbox.compose.head_fetched(event)
            case NoteNotShared():
                self._inbox.side.note_not_shared(event)
            case TagSettled():
                self._inbox.side.tag_settled(event)
            case DialProgressed():
                self._calls.dial_progressed(event)
            case _:
                pass

    def person_forgotten(self, who: Forgotten) -> None:
        """The desk knows nothing of them any more; what shows them goes."""
        self._inbox.compose.drop_gone()
        self._inbox.person_forgotten(who)
        self._morning.person_forgotten()
        self._inbox_list.mail_was_deleted()
        self._notes.person_forgotten(who)
        self.refresh_all()

    def draft_moved(self, draft_id: str) -> None:
        """A message is in another state, or something new came to what it answers."""
        self._inbox.outbox.moved(draft_id)
        self._counted()

    def claim_lost(self, lost: ClaimLost) -> None:
        """Somebody else has what the founder had claimed, or wished to."""
        self._inbox.side.lost(lost)

    def claim_failed(self, settled: ClaimSettled) -> None:
        self._inbox.side.failed(settled)

    def unsent_changed(self) -> None:
        """The outbox holds other messages than before, or says something else of them."""
        self._inbox.outbox.unsent_changed()
        self._counted()

    def being_written(self) -> tuple[Draft, ...]:
        """Drafts in an open composer, with something written in them."""
        return self._inbox.compose.being_written()

    def open_item(self, key: str) -> bool:
        """Show exactly this message or call; "" shows what is there.

        Returns:
            False when the message or call is not known any more, which the window then says.
        """
        if key and (self._inbox.open_message(key) or self._calls.show_item(key)):
            return True
        if key.startswith("mail/"):
            self._inbox.say_gone(key)
            return False
        if key.startswith("call/"):
            self._calls.say_gone()
            return False
        if not self._desk.health.healths():
            self.window.show_first_run()
        else:
            self.refresh_all()
        return True

    def open_page(self, page: Page) -> None:
        """Show this page as a whole: the Inbox without the search that was on show."""
        if page is Page.INBOX:
            self._inbox_list.show_all()
        self.window.show_page(page)

    def show_outbox(self) -> None:
        """What was sent and customers may not have."""
        self.window.show_page(Page.INBOX)
        self.window.choices.asked.emit(Action.SHOW_OUTBOX, "")

    def say(self, title: str, text: str) -> None:
        """Above the list of the Inbox, which is shown."""
        self._inbox_list.say(Notice(title=title, text=text, tone=Tone.AMBER))
        self.window.show_page(Page.INBOX)

    def leave_word(self, notice: Notice | None) -> None:
        """Above the list of the Inbox, whenever that is on show; None takes it back."""
        if notice is None:
            self._inbox_list.take_back()
        else:
            self._inbox_list.say(notice)
            self.refresh_all()

    def say_of(self, key: str, title: str, text: str) -> None:
        """With the mail or call that was opened last."""
        if key.startswith("call/"):
            self._calls.say(title, text)
        else:
            self._inbox.say(Notice(title=title, text=text, tone=Tone.AMBER))

    def show_file_problem(self, problem: Problem | None) -> None:
        """The settings file cannot be read, or can again."""
        self._file_problem = problem
        self._show_page(self.window.page, self._desk.state(self._acts.now()))

    # --- choices -----------------------------------------------------------------------

    def act(self, action: Action, target: str) -> None:
        """What the founder asked for, in the window or by a button of an alert."""
        self._asked(action, target)

    def _asked(self, action: Action, target: str) -> None:
        handle = self._handlers.get(action)
        if handle is not None:  # the window does the others by itself
            handle(target)

    def _all_handlers(self) -> dict[Action, Callable[[str], None]]:
        inbox, calls, settings, acts = self._inbox, self._calls, self._settings, self._acts
        return {
            **{action: partial(inbox.handle, action) for action in MESSAGE_ACTIONS},
            **inbox.outbox.handlers(),
            **inbox.side.handlers(),
            **inbox.lifts.handlers(),
            **self._promises.handlers(),
            Action.NOTE_CALL: self._note_call,
            Action.UNDO: self._undo,
            **inbox.quotes.handlers(),
            **self.voices.handlers(),
            **self._week_words.handlers(),
            Action.SHOW_PHONE_WEEK: lambda _key: self._phone_week.open(),
            **self._attachments.handlers(),
            **calls.handlers(),
            **self._health.handlers(),
            Action.JOIN_NUMBER: inbox.people.join,
            Action.EDIT_PERSON: self._edit_person,
            Action.SHOW_EXPORT: self.week.log_acts.show_export,
            Action.LIVE_BOARD: lambda _key: acts.show_live_board(),
            Action.TRY_AGAIN: lambda _key: acts.check_now(),
            Action.RESUME_ALERTS: lambda _key: acts.perform(self._desk.resume),
            Action.CONNECT_MAIL: lambda _key: self._connect(settings.connect_mail),
            Action.CONNECT_PHONE: lambda _key: self._connect(settings.connect_phone),
            Action.EDIT_SOURCE: settings.edit,
            Action.PLAY_SOUND: lambda _target: settings.play_sound(),
            Action.START_WITH_SESSION: settings.start_with_session,
            Action.OPEN_PRACTICE_DESK: lambda _key: acts.open_practice_desk(),
            Action.SHOW_VERSIONS: self._versions.show,
            Action.OPEN_PIECE: self.window.choices.item_chosen.emit,
            Action.FIND_MORE: lambda _key: self._inbox_list.find_more(),
            Action.QUIT: lambda _key: acts.quit(),
        }

    # --- inside ------------------------------------------------------------------------

    def _undo(self, target: str) -> None:
        """What is being sent is taken back first: in a few seconds it has gone."""
        if is_undo_of_its_own(target) or not self._inbox.outbox.undo_newest():
            self._inbox.handle(Action.UNDO, target)

    def _say_here(self, notice: Notice) -> None:
        """On the Calls page if that is on show, else above the list of the Inbox."""
        if self.window.page is Page.CALLS:
            self._calls.say(notice.title, notice.text, notice.tone)
        elif self.window.page is Page.VOICES:
            self.voices.say(notice)
        else:
            self._inbox_list.say(notice)
            self.window.show_page(Page.INBOX)
            self.refresh_all()

    def _done_here(self, title: str, take_back: Callable[[], None]) -> None:
        """As `_say_here`, of what can be taken back there."""
        if self.window.page is Page.CALLS:
            self._calls.done(title, take_back)
        elif self.window.page is Page.VOICES:
            self.voices.done(title, take_back)
        else:
            self._inbox.done(title, take_back)

    def _note_call(self, target: str) -> None:
        call = self._desk.calls.call(target)
        if call is not None:
            self._notes.ask_about_call(call)

    def _note_failed(self, problem: Problem) -> None:
        """The words still stand in the line below, and who types them goes on."""
        title = f"Not kept: {problem.title}"
        if self.window.page in (Page.CALLS, Page.VOICES):
            text = f"The words are still in the line below. {problem.advice}"
            self._say_here(Notice(title=title, text=text))
        else:
            self._notes.say(f"{title}. {problem.advice}")

    def _edit_person(self, target: str) -> None:
        if target.startswith("call/"):
            self._calls.edit_person(target)
        else:
            self._inbox.people.edit()

    def _connect(self, open_dialog: Callable[[], None]) -> None:
        """An account belongs into the founder's own home, not into a throw-away one."""
        if self._acts.is_practice:
            self._acts.leave_practice_desk()
        else:
            open_dialog()

    def _counted(self) -> None:
        if self.window.isVisible():
            self._show_strip(self._desk.state(self._acts.now()))
            if self.window.page is Page.WEEK:
                self.week.refresh()
            elif self.window.page is Page.MORNING:
                self._morning.counted()

    def _time_passed(self) -> None:
        """A second while callers wait, a minute otherwise."""
        state = self._desk.state(self._acts.now())
        self._show_strip(state)
        page = self.window.page
        if page is Page.CALLS or (page is Page.INBOX and not state.callers):
            self._show_page(page, state)
        elif page is Page.WEEK:
            self.week.time_passed()

    def _page_changed(self) -> None:
        self._page_shown(self.window.page)

    def _page_shown(self, page: Page) -> None:
        state = self._desk.state(self._acts.now())
        self._show_strip(state)
        if page is Page.MORNING:
            self._morning.begin()
        self._show_page(page, state)

    def _show_strip(self, state: DeskState) -> None:
        missed = sum(person.is_open for person in self._desk.calls.missed())
        if self._file_problem is not None and not state.healths:
            self.window.show_strip(strip_without_settings(self._file_problem))
        else:
            strip = strip_view(state, self.week.so_far(), state.at)
            unsent = worth_a_word(self._acts.answering.unsent(), state.at)
            self.window.show_strip(with_unsent(strip, unsent, state.at))
        self.window.show_rail(rail_view(state, missed))

    def _show_page(self, page: Page, state: DeskState) -> None:
        match page:
            case Page.INBOX:
                self._inbox_list.refresh(state)
                self._inbox.refresh()
            case Page.CALLS:
                self._calls.refresh(state)
            case Page.VOICES:
                self.voices.refresh()
            case Page.WEEK:
                self.week.refresh()
            case Page.HEALTH:
                self._health.refresh(state)
            case Page.SETTINGS:
                self._settings.refresh(state, self._file_problem)
            case Page.MORNING:
                self._morning.refresh(state)
            case _:
                assert_never(page)
