"""The reading pane: which message is open, and what it shows of its conversation."""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from supportdesk.domain.answers import Draft
from supportdesk.domain.events import MessageTextFetched, PartFetched
from supportdesk.domain.health import Hearing
from supportdesk.domain.mail import MessageSummary, MessageText
from supportdesk.domain.search import FoundMail
from supportdesk.domain.webmail import label_of
from supportdesk.services.desk import Desk
from supportdesk.services.forgetting import Forgotten
from supportdesk.ui import rows
from supportdesk.ui.controllers.acts import Acts
from supportdesk.ui.controllers.compose_controller import ComposeController
from supportdesk.ui.controllers.inbox_list_controller import InboxListController
from supportdesk.ui.controllers.lift_acts import LiftActs
from supportdesk.ui.controllers.link_controller import LinkController
from supportdesk.ui.controllers.mail_sources import MailSources, found_notice
from supportdesk.ui.controllers.message_acts import MessageActs
from supportdesk.ui.controllers.message_parts import MessageParts
from supportdesk.ui.controllers.message_pictures import MessagePictures
from supportdesk.ui.controllers.note_controller import NoteController
from supportdesk.ui.controllers.open_message import OpenMessage
from supportdesk.ui.controllers.outbox_controller import OutboxController
from supportdesk.ui.controllers.person_acts import PersonActs
from supportdesk.ui.controllers.quote_acts import QuoteActs
from supportdesk.ui.controllers.side_acts import SideActs
from supportdesk.ui.main_window import MainWindow
from supportdesk.ui.presenter.message import Reading, message_view, shows_html
from supportdesk.ui.presenter.nothing_open import nothing_open
from supportdesk.ui.presenter.voices import kept_words
from supportdesk.ui.rows.voices import KeptWords
from supportdesk.ui.theme.theme import Theme

_SHOW_IMAGES = rows.ActionButton(
    action=rows.Action.SHOW_IMAGES,
    label="Show images",
    shortcut="i",
    hint="Show the images of this message",
)


class InboxController(QObject):
    """Owns which message is open.

    Signals:
        opened: A `ReadMessage` when a message is on show or its text has come, else None.
    """

    opened = Signal(object)

    def __init__(
        self,
        window: MainWindow,
        desk: Desk,
        acts: Acts,
        *,
        theme: Theme,
        inbox_list: InboxListController,
        notes: NoteController,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._window = window
        self._desk = desk
        self._acts = acts
        self._list = inbox_list
        self._open = OpenMessage(desk, acts)
        self._parts = MessageParts(window, theme, acts, self)
        self.compose = ComposeController(window, desk, acts, shown=self._open, parent=self)
        self.outbox = OutboxController(
            window, acts, compose=self.compose, name_of=desk.people.name_of, parent=self
        )
        self._message_acts = MessageActs(
            window,
            desk,
            acts,
            shown=self._open,
            parts=self._parts,
            compose=self.compose,
            parent=self,
        )
        self.people = PersonActs(
            window, desk, acts, theme=theme, shown=self._open, results=self._message_acts
        )
        self.side = SideActs(
            window,
            desk,
            acts,
            theme=theme,
            shown=self._open,
            results=self._message_acts,
            notes=notes,
        )
        self.quotes = QuoteActs(
            window, desk, acts, shown=self._open, results=self._message_acts, notes=notes
        )
        self.lifts = LiftActs(window, desk, acts, shown=self._open, compose=self.compose)
        self._links = LinkController(window, acts, self)
        self._sources = MailSources(desk, acts, found=self._show_found, say=self._say_above)
        self._pictures = MessagePictures(acts, self)
        self._said: tuple[rows.Notice, ...] = ()
        inbox_list.conversation_chosen.connect(self.choose)
        inbox_list.message_chosen.connect(self.open_old)
        window.choices.message_chosen.connect(self._open_in_place)
        self._message_acts.said.connect(self._say)
        self._message_acts.changed.connect(self._show_message)
        self._message_acts.reopen_asked.connect(self.open_message)
        self.compose.changed.connect(self._answers_changed)
        self.outbox.changed.connect(self._answers_changed)
        self.compose.said.connect(self._say)
        self.outbox.said.connect(self._say)
        self.compose.open_asked.connect(self._open_question)
        self.compose.discarded.connect(self._answer_discarded)
        self._links.said.connect(self._say)
        self.side.said.connect(self._say)
        self.quotes.said.connect(self._say)
        self.quotes.changed.connect(self._show_message)
        self._parts.said.connect(self._say)
        self._pictures.came.connect(window.show_picture)
        self._pictures.changed.connect(self._show_message)

    def take_up_drafts(self) -> None:
        """What was begun in an earlier run is said in the list."""
        self._list.show_begun(self.outbox.words_of_rows())
        notice = self.compose.begun_before()
        if notice is not None:
            self._list.say(notice)

    def refresh(self) -> None:
        """Show the open message anew, or why there is none."""
        now = self._acts.now()
        healths, has_mail = self._desk.health.healths(), bool(self._desk.inbox.conversations())
        self._window.show_why_empty(nothing_open(healths, has_mail=has_mail, now=now))
        if self._open.message is not None:
            self._open.look_again()
            self._show_message()

    def choose(self, row: str) -> None:
        """Open the newest message of a customer in the conversation of this row."""
        conversation = self._desk.inbox.conversation(row)
        message = self._desk.inbox.message(conversation.key) if conversation else None
        if message is not None:
            self._list.take_back()
            self._show(message)
        elif self._desk.promises.of_items([row]) and not self.open_message(row):
            self.say_gone(row)

    def open_message(self, key: str) -> bool:
        """Open exactly this message; False when it is not known.

        One of which words are kept is looked for on the server, and opens later.
        """
        message = self._desk.inbox.message(key) or self._sources.known(key)
        if message is None:
            return self._sources.look_for(key)
        self._list.show_all()
        self._window.show_page(rows.Page.INBOX)
        self._show(message)
        return True

    def follow(self, message: MessageSummary) -> None:
        """This one is in view in the morning scroll: it is the open one, and the page stays."""
        if message.key != self._open.key:
            self._show(message)

    def kept_in(self, key: str) -> tuple[KeptWords, ...]:
        """What is kept of a message, on show or not."""
        if key == self._open.key:
            return self.quotes.kept()
        return kept_words(self._desk.voices.of_item(key))

    def beside(self, key: str) -> tuple[rows.Notice, ...]:
        """What the founder is to be told beside this message, if it is the open one."""
        return self._notices() if key == self._open.key else ()

    def open_old(self, message: MessageSummary) -> None:
        """Open mail that the desk need not hold: from the search, or from long ago."""
        self._list.take_back()
        self._show(self._desk.inbox.message(message.key) or message)

    def say_gone(self, key: str) -> None:
        """This message cannot be opened or answered any more; the list says why."""
        if self._sources.has_kept_words(key):
            self._say_above(self._sources.lost_notice(key))
            return
        if self._sources.account_of(key) is not None:
            title = "This mail has left the mailbox"
            text = "It was moved or deleted, or it never was in it. Nothing was done."
        else:
            # Without its name: a link may be anybody's, and would write here what it likes.
            title = "The account of this mail is not watched"
            text = "It is not in the settings, or not any more. Nothing was done."
        self._say_above(rows.Notice(title=title, text=text, tone=rows.Tone.AMBER))

    def done(self, title: str, take_back: Callable[[], None]) -> None:
        """With the message on show, and `u` takes it back."""
        self._message_acts.done(title, take_back)

    def say(self, notice: rows.Notice) -> None:
        """With the message on show, until the founder opens another."""
        self._say(notice)

    def handle(self, action: rows.Action, target: str) -> None:
        """One of the message's actions.

        Args:
            action: What to do.
            target: A row, which stands for the message on show if that is one of its own; else
                exactly this message. Never another customer's, whatever happens to be open.
        """
        if action is rows.Action.UNDO:
            self._message_acts.undo(target)
            return
        message = self._message_meant(target)
        if message is None:
            self.say_gone(target)
        elif action is rows.Action.SHOW_IMAGES:
            self._pictures.load_remote()
        else:
            self._message_acts.perform(action, message)

    def text_fetched(self, event: MessageTextFetched) -> None:
        message = self._open.message
        if message is not None and self._open.take_text(event):
            self.compose.text_fetched(message)
            self._show_message()
            self._tell_opened(message)

    def part_fetched(self, event: PartFetched) -> None:
        """A part of the message on show has come, or could not be had."""
        self._pictures.part_fetched(event)
        self._parts.part_fetched(event)

    def person_forgotten(self, who: Forgotten) -> None:
        """Their mail is not shown any more, and not read."""
        self._message_acts.person_forgotten()
        self.quotes.person_forgotten()
        message = self._open.message
        if message is None:
            return
        is_outgoing = message.is_ours or message.is_sent_copy
        recipients = (one.email for one in message.recipients)
        if who.wrote_or_got(message.sender.email, recipients, is_outgoing=is_outgoing):
            self._close()

    # --- inside ------------------------------------------------------------------------

    def _message_meant(self, target: str) -> MessageSummary | None:
        if self._open.owns(target):
            return self._open.message
        return self._desk.inbox.message(target)

    def _say_above(self, notice: rows.Notice) -> None:
        """Above the list, which is shown."""
        self._list.say(notice)
        self._window.show_page(rows.Page.INBOX)

    def _show_found(self, found: FoundMail) -> None:
        """A mail that lies where nobody listens."""
        self._list.take_back()
        self._list.show_all()
        self._window.show_page(rows.Page.INBOX)
        self._show(found.message, found.text)
        self._say(found_notice(found.message))

    def _open_in_place(self, key: str) -> None:
        message = self._open.summary(key)
        if message is not None:
            self._show(message)

    def _show(self, message: MessageSummary, text: MessageText | None = None) -> None:
        self._sources.give_up()
        if message.key != self._open.key:
            self._parts.forget()
            self.quotes.forget_fresh()
        self._said = ()
        self._open.open(message, text)
        self._show_message()
        self._tell_opened(message)
        self._acts.perform(lambda now: self._desk.read(message.key, now))

    def _show_message(self) -> None:
        shown = self._open
        if shown.message is None or shown.conversation is None:
            return
        accounts = [mail.name for mail in self._acts.settings().mail]
        has_nothing = shown.is_gone and shown.text is None
        if has_nothing or shown.message.account not in accounts:
            self._close()
            return
        # Read as its plain text it needs no pictures.
        wanted = self._pictures.show_for(shown.text if shows_html(shown.text) else None)
        view = message_view(
            shown.conversation, shown.message, self._reading(), now=self._acts.now()
        )
        self._window.show_message(view)
        self.compose.show(self.outbox.view_of)
        for part in wanted:
            self._acts.fetch_part(shown.message, part)

    def _picture_notice(self) -> tuple[rows.Notice, ...]:
        words = self._pictures.words
        if not words:
            return ()
        show = replace(_SHOW_IMAGES, target=self._open.key)
        buttons = (show,) if self._pictures.can_load else ()
        return (rows.Notice(title=words, tone=rows.Tone.MUTED, buttons=buttons),)

    def _reading(self) -> Reading:
        shown = self._open
        health = shown.health()
        is_deaf = health is not None and health.hearing is Hearing.DEAF
        heard_at = (health.last_heard_at or health.since) if health is not None else None
        return Reading(
            text=shown.text,
            problem=shown.problem,
            is_deaf=is_deaf,
            deaf_since=heard_at if is_deaf else None,
            is_gone=shown.is_gone,
            new=shown.new,
            person=self.people.facts(),
            open_in=label_of(self._message_acts.open_in()),
            said=self._notices(),
            regrouping=(
                *self.quotes.offers(),
                *self.side.offers(),
                *self._message_acts.regrouping(),
                *self.people.offers(),
            ),
            side=self.side.view(),
            kept=self.quotes.kept(),
        )

    def _notices(self) -> tuple[rows.Notice, ...]:
        answers = (*self.outbox.notices(), *self.compose.notices())
        return (*self._said, *answers, *self.lifts.notices(), *self._picture_notice())

    def _close(self) -> None:
        """Nothing is left to show of it."""
        self._open.close()
        self._said = ()
        self._window.show_message(None)
        self.compose.show(self.outbox.view_of)
        self.opened.emit(None)

    def _answers_changed(self) -> None:
        """An answer was begun, put away, sent: its conversation and its row say so."""
        self._show_message()
        self._list.show_begun(self.outbox.words_of_rows())

    def _open_question(self, key: str) -> None:
        """Of an answer; where it is known no more that is said, and its text is not lost."""
        if not self.open_message(key):
            self.say_gone(key)

    def _answer_discarded(self, draft: Draft) -> None:
        self._message_acts.done("Your text was discarded", lambda: self.compose.bring_back(draft))

    def _tell_opened(self, message: MessageSummary) -> None:
        self.opened.emit(self._open.as_read(message))

    def _say(self, notice: rows.Notice | None) -> None:
        """Stays with the message on show until the founder chooses again, or it is taken back."""
        self._said = (notice,) if notice is not None else ()
        self._show_message()
