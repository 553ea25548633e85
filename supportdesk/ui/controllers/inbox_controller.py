"""The reading pane: which message is open, its text, and what the founder does with it."""

from dataclasses import replace
from datetime import datetime

from PySide6.QtCore import QObject, Signal

from supportdesk.domain.events import MessageTextFetched
from supportdesk.domain.health import Hearing, SourceHealth
from supportdesk.domain.mail import (
    Conversation,
    MessageId,
    MessageSummary,
    MessageText,
    mail_key,
)
from supportdesk.services.desk import Desk
from supportdesk.services.reading_clock import ReadMessage
from supportdesk.ui import rows
from supportdesk.ui.controllers.acts import Acts
from supportdesk.ui.controllers.inbox_list_controller import InboxListController
from supportdesk.ui.controllers.mail_links import message_link, reply_link
from supportdesk.ui.main_window import MainWindow
from supportdesk.ui.presenter.message import message_view


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
        inbox_list: InboxListController,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._window = window
        self._desk = desk
        self._acts = acts
        self._list = inbox_list
        self._key = ""
        self._text: MessageText | None = None
        self._problem = ""
        self._asked_while: SourceHealth | None = None
        self._said: rows.Notice | None = None
        inbox_list.conversation_chosen.connect(self.choose)
        window.choices.link_asked.connect(self._open_link)

    def refresh(self) -> None:
        """Show the open message anew."""
        if self._key:
            self._ask_when_heard()
            self._show_message()

    def choose(self, row: str) -> None:
        """Open the newest message of a customer in the conversation of this row."""
        conversation = self._desk.inbox.conversation(row)
        if conversation is not None:
            self._list.take_back()
            self._open(conversation.key)

    def open_message(self, key: str) -> bool:
        """Open exactly this message; False when it is not known."""
        if self._desk.inbox.message(key) is None:
            return False
        self._list.show_all()
        self._window.show_page(rows.Page.INBOX)
        self._open(key)
        return True

    def say_gone(self, key: str) -> None:
        """This message cannot be opened or answered any more; the list says why."""
        account = next(
            (
                mail.name
                for mail in self._acts.settings().mail
                if key.startswith(mail_key(mail.name, MessageId("")))
            ),
            None,
        )
        if account is not None:
            title = "This mail has left the mailbox"
            text = "It was moved or deleted, or it is too old to be listed. Nothing was done."
        else:
            name = key.removeprefix("mail/").split("/<", 1)[0]
            title = f"{name} is no longer watched"
            text = "The account is not in the settings any more. Nothing was done."
        self._list.say(rows.Notice(title=title, text=text, tone=rows.Tone.AMBER))
        self._window.show_page(rows.Page.INBOX)

    def handle(self, action: rows.Action, target: str) -> None:
        """One of the message's actions.

        Args:
            action: What to do.
            target: A row, which stands for the message on show if that is one of its own; else
                exactly this message. Never another customer's, whatever happens to be open.
        """
        message = self._message_meant(target)
        if message is None:
            self.say_gone(target)
            return
        match action:
            case rows.Action.REPLY:
                text = self._text if message.key == self._key else None
                quote = text.text if text else ""
                self._hand_over(reply_link(message, quote), message)
            case rows.Action.OPEN_IN_CLIENT:
                self._hand_over(message_link(message), message)
            case rows.Action.NO_REPLY:
                self._acts.perform(lambda now: self._desk.needs_no_reply(message.key, now))
            case _:
                pass

    def text_fetched(self, event: MessageTextFetched) -> None:
        message = self._desk.inbox.message(self._key)
        if message is None or (message.account, message.message_id) != (
            event.account,
            event.message_id,
        ):
            return
        self._text, self._problem = event.text, event.problem
        self._show_message()
        self._tell_opened(message)

    # --- inside ------------------------------------------------------------------------

    def _message_meant(self, target: str) -> MessageSummary | None:
        conversation = self._desk.inbox.conversation(target)
        if conversation is None:
            return None
        return next(
            (one for one in conversation.messages if one.key == self._key),
            self._desk.inbox.message(target),
        )

    def _open(self, key: str) -> None:
        message = self._desk.inbox.message(key)
        if message is None:
            return
        self._said = None
        if key != self._key:
            self._key, self._text = key, None
        if self._text is None:
            self._ask_for_text(message)
        self._show_message()
        self._tell_opened(message)
        self._acts.perform(lambda now: self._desk.read(key, now))

    def _ask_for_text(self, message: MessageSummary) -> None:
        self._problem = ""
        self._asked_while = self._desk.health.health(message.account)
        self._text = self._acts.cached_text(message)
        if self._text is None:
            self._acts.fetch_text(message)

    def _ask_when_heard(self) -> None:
        """Whoever was asked in an earlier connection cannot answer any more, or could not then."""
        message = self._desk.inbox.message(self._key)
        if message is None or self._text is not None:
            return
        health = self._desk.health.health(message.account)
        listens_since = _listens_since(health)
        if listens_since is not None and listens_since != _listens_since(self._asked_while):
            self._ask_for_text(message)

    def _show_message(self) -> None:
        conversation = self._desk.inbox.conversation(self._key)
        message = self._desk.inbox.message(self._key)
        if conversation is None or message is None:
            self._close()
            return
        self._window.show_message(self._view(conversation, message))

    def _view(self, conversation: Conversation, message: MessageSummary) -> rows.MessageView:
        view = message_view(
            conversation, message, self._text, now=self._acts.now(), problem=self._problem
        )
        return replace(view, notices=(self._said, *view.notices)) if self._said else view

    def _close(self) -> None:
        """The message has left the mailbox."""
        self._key, self._text, self._problem, self._said = "", None, "", None
        self._window.show_message(None)
        self.opened.emit(None)

    def _tell_opened(self, message: MessageSummary) -> None:
        text = self._text
        self.opened.emit(
            ReadMessage(
                key=message.key,
                label=f"{message.sender.label}: {message.subject}",
                words=text.words if text else 0,
                images=text.images if text else 0,
                is_robot=message.is_robot,
            )
        )

    def _open_link(self, url: str) -> None:
        if not self._acts.open_link(url):
            self._acts.copy(url)
            self._say("Nothing here opens links", "The link was copied.")

    def _hand_over(self, link: str, message: MessageSummary) -> None:
        if self._acts.open_link(link):
            return
        self._acts.copy(message.sender.email)
        self._say(
            "No mail program takes this over",
            f"The address {message.sender.email} was copied. Set a default mail program to answer "
            "in one step.",
        )

    def _say(self, title: str, text: str) -> None:
        """Stays with the message on show until the founder chooses again."""
        self._said = rows.Notice(title=title, text=text, tone=rows.Tone.AMBER)
        self._show_message()


def _listens_since(health: SourceHealth | None) -> datetime | None:
    return health.since if health is not None and health.hearing is Hearing.LISTENING else None
