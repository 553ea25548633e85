"""What the founder does with the message on show: reply, open elsewhere, copy, print, undo."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import count
from typing import NamedTuple

from PySide6.QtCore import QObject, Signal

from supportdesk.domain.answers import AnswerKind
from supportdesk.domain.app_links import link_to
from supportdesk.domain.errors import StoreError
from supportdesk.domain.mail import MessageSummary
from supportdesk.domain.webmail import Webmail, way_to_open
from supportdesk.services.desk import Desk
from supportdesk.services.wording import fit
from supportdesk.ui import rows
from supportdesk.ui.controllers.acts import Acts
from supportdesk.ui.controllers.compose_controller import ComposeController
from supportdesk.ui.controllers.mail_links import reply_link
from supportdesk.ui.controllers.message_parts import MessageParts
from supportdesk.ui.controllers.open_message import OpenMessage
from supportdesk.ui.main_window import MainWindow
from supportdesk.ui.presenter.message import message_as_text
from supportdesk.ui.rows import Action, ActionButton, ButtonRank

MESSAGE_ACTIONS = (
    Action.REPLY,
    Action.REPLY_ALL,
    Action.FORWARD,
    Action.ANSWER_ELSEWHERE,
    Action.OPEN_IN_CLIENT,
    Action.NO_REPLY,
    Action.NEEDS_REPLY,
    Action.UNDO,
    Action.COPY_MESSAGE,
    Action.COPY_LINK,
    Action.PRINT,
    Action.SHOW_ORIGINAL,
    Action.SHOW_IMAGES,
    Action.SAVE_INVITATION,
    Action.SPLIT,
    Action.JOIN,
    Action.SENDER_IS_ROBOT,
    Action.SENDER_IS_PERSON,
)
"""What can be asked for about a message."""
_NO_PROGRAM = "No mail program takes this over"
_REMEMBERED = 20
_UNDO_NAME = "undo/"
_NAME = 40


class Undo(NamedTuple):
    """How to take an act back, its name, and the message that it closed, if that was the act."""

    name: str
    act: Callable[[], None]
    closed: str = ""


def is_undo_of_its_own(target: str) -> bool:
    """It names one act, and is no wish to take back whatever was last."""
    return target.startswith(_UNDO_NAME)


class MessageActs(QObject):
    """Owns what can be undone.

    Signals:
        said: A `Notice` for beside the message.
        changed: The message is to be shown anew.
        reopen_asked: The key of a message that an undo has brought back.
    """

    said = Signal(object)
    changed = Signal()
    reopen_asked = Signal(str)

    def __init__(
        self,
        window: MainWindow,
        desk: Desk,
        acts: Acts,
        *,
        shown: OpenMessage,
        parts: MessageParts,
        compose: ComposeController,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._window = window
        self._desk = desk
        self._acts = acts
        self._open = shown
        self._compose = compose
        self._undos: list[Undo] = []
        self._names = count(1)
        self._doers: dict[Action, Callable[[MessageSummary], None]] = {
            Action.REPLY: lambda message: self._answer(AnswerKind.REPLY, message),
            Action.REPLY_ALL: lambda message: self._answer(AnswerKind.REPLY_ALL, message),
            Action.FORWARD: lambda message: self._answer(AnswerKind.FORWARD, message),
            Action.ANSWER_ELSEWHERE: self._answer_elsewhere,
            Action.OPEN_IN_CLIENT: self._open_elsewhere,
            Action.NO_REPLY: self._needs_no_reply,
            Action.NEEDS_REPLY: self._needs_reply_after_all,
            Action.COPY_MESSAGE: self._copy,
            Action.COPY_LINK: self._copy_link,
            Action.PRINT: self._print,
            Action.SHOW_ORIGINAL: parts.show_original,
            Action.SAVE_INVITATION: lambda message: parts.save_invitation(message, shown.text),
            Action.SPLIT: self._split,
            Action.JOIN: self._join,
            Action.SENDER_IS_ROBOT: lambda message: self._judge(message, is_robot=True),
            Action.SENDER_IS_PERSON: lambda message: self._judge(message, is_robot=False),
        }

    def perform(self, action: Action, message: MessageSummary) -> None:
        doer = self._doers.get(action)
        if doer is not None:
            doer(message)

    def open_in(self) -> str:
        """Where messages of this account can be opened."""
        message = self._open.message
        for mail in self._acts.settings().mail:
            if message is not None and mail.name == message.account:
                return mail.open_in
        return Webmail.MAIL_CLIENT.value

    def undo(self, target: str = "") -> None:
        """Take back the act of this name, once; by any other target the newest one.

        With nothing left to take back, the open conversation needs a reply after all: it was
        closed before this run.
        """
        if is_undo_of_its_own(target):
            self._take_back([undo for undo in self._undos if undo.name == target])
        elif self._undos:
            self._take_back(self._undos[-1:])
        elif self._open.message is not None:
            self._needs_reply_after_all(self._open.message)

    def done(self, title: str, undo: Callable[[], None]) -> None:
        """Something was done that belongs to this message, and how it is taken back."""
        self._say_undoable(title, self._remember(undo))

    def person_forgotten(self) -> None:
        """What is taken back may be theirs: nothing is."""
        self._undos = []

    def did(self, undo: Callable[[], None]) -> None:
        """As `done`, where it can be seen without words."""
        self._remember(undo)

    def back_to(self, key: str) -> None:
        """Something was taken back: show the message that it was about."""
        if self._open.owns(key):
            self._say("Taken back", "", tone=rows.Tone.GOOD)
            self._refresh()
        else:
            self.reopen_asked.emit(key)

    def regrouping(self) -> tuple[ActionButton, ...]:
        """What can be done about the conversation and its sender (F54, F57)."""
        message, conversation = self._open.message, self._open.conversation
        if message is None or conversation is None or self._open.is_gone:
            return ()
        if self._desk.inbox.message(message.key) is None:
            return ()
        return tuple(self._offers(message))

    # --- inside ------------------------------------------------------------------------

    def _offers(self, message: MessageSummary) -> list[ActionButton]:
        offers: list[ActionButton] = []
        known = self._desk.inbox.conversation(message.key)
        if known is not None and known.messages[0].key != message.key:
            offers.append(_offer(Action.SPLIT, "New conversation from here on", "s"))
        other = self._desk.inbox.joinable(message.key)
        if other is not None:
            offers.append(_offer(Action.JOIN, f"Join with “{fit(other.subject, _NAME)}”", "g"))
        if not (message.is_ours or message.is_sent_copy):
            who = fit(message.sender.label, _NAME)
            if message.is_robot:
                offers.append(_offer(Action.SENDER_IS_PERSON, f"{who} is a person"))
            else:
                offers.append(_offer(Action.SENDER_IS_ROBOT, f"{who} is a machine"))
        return offers

    def _answer(self, kind: AnswerKind, message: MessageSummary) -> None:
        """Here; where nothing can be sent from here in the founder's mail program, and say why."""
        why_not = self._acts.answering.why_not(message.account)
        if why_not is None:
            self._compose.begin(kind, message)
            return
        copied = "" if kind is AnswerKind.FORWARD else self._hand_to_mail_program(message)
        has_server = any(
            one.smtp is not None
            for one in self._acts.settings().mail
            if one.name == message.account
        )
        enter = ActionButton(
            action=Action.EDIT_SOURCE, label="Enter it", target=message.account, icon="settings"
        )
        self.said.emit(
            rows.Notice(
                title=why_not.title,
                text=f"{why_not.advice} {_NO_PROGRAM}. {copied}" if copied else why_not.advice,
                tone=rows.Tone.AMBER,
                buttons=() if has_server else (enter,),
            )
        )

    def _answer_elsewhere(self, message: MessageSummary) -> None:
        copied = self._hand_to_mail_program(message)
        if copied:
            self._say(_NO_PROGRAM, copied)

    def _hand_to_mail_program(self, message: MessageSummary) -> str:
        """What was done instead, where there is none."""
        text = self._open.text if message.key == self._open.key else None
        selection = self._window.selected_words() if text is not None else ""
        link = reply_link(message, text.text if text else "", selection)
        if self._acts.open_link(link):
            return ""
        self._acts.copy(message.sender.email)
        return (
            f"The address {message.sender.email} was copied. Set a default mail program to "
            "answer in one step."
        )

    def _open_elsewhere(self, message: MessageSummary) -> None:
        account = next(
            (one for one in self._acts.settings().mail if one.name == message.account), None
        )
        open_in = account.open_in if account else Webmail.MAIL_CLIENT.value
        way = way_to_open(message, open_in, account.address if account else "")
        if way.search_words:
            self._acts.copy(way.search_words)
        if not self._acts.open_link(way.url):
            self._acts.copy(message.sender.email)
            self._say(
                "No mail program takes this over",
                f"The address {message.sender.email} was copied. Set a default mail program, or "
                "name a webmail in the settings of this account.",
            )
        elif way.search_words:
            self._say(
                "The subject was copied",
                "No address leads there to this very message: paste it into the search there.",
                tone=rows.Tone.GOOD,
            )

    def _needs_no_reply(self, message: MessageSummary) -> None:
        self._acts.perform(lambda now: self._desk.needs_no_reply(message.key, now))
        self._remember(lambda: self._needs_reply(message.key), closed=message.key)
        self._refresh()

    def _needs_reply_after_all(self, message: MessageSummary) -> None:
        conversation = self._desk.inbox.conversation(message.key)
        if conversation is not None and conversation.needs_no_reply:
            key = conversation.key
            # Taken back here, it is not among the acts to take back any more.
            self._undos = [undo for undo in self._undos if undo.closed != key]
            self._needs_reply(key)

    def _needs_reply(self, key: str) -> None:
        self._acts.perform(lambda now: self._desk.undo_needs_no_reply(key, now))
        if self._open.owns(key):
            self._refresh()
        else:
            self.reopen_asked.emit(key)

    def _split(self, message: MessageSummary) -> None:
        self._acts.perform(lambda now: self._desk.split(message.key, now))
        self._regrouped(message, "This is a conversation of its own now")

    def _join(self, message: MessageSummary) -> None:
        other = self._desk.inbox.joinable(message.key)
        if other is not None:
            self._acts.perform(lambda now: self._desk.join(message.key, other.key, now))
            self._regrouped(message, "Both are one conversation now")

    def _regrouped(self, message: MessageSummary, title: str) -> None:
        def undo() -> None:
            self._acts.perform(self._desk.undo_regrouping)
            self.back_to(message.key)

        self._say_undoable(title, self._remember(undo))

    def _judge(self, message: MessageSummary, *, is_robot: bool) -> None:
        email = message.sender.email
        before = self._desk.inbox.judgement_of(email)

        def undo() -> None:
            self._acts.perform(lambda now: self._desk.judge_sender(email, now, is_robot=before))
            self.back_to(message.key)

        self._acts.perform(lambda now: self._desk.judge_sender(email, now, is_robot=is_robot))
        name = self._remember(undo)
        kind = "a machine: its mail never waits" if is_robot else "a person: their mail waits"
        self._say_undoable(f"{email} counts as {kind}", name)

    def _copy(self, message: MessageSummary) -> None:
        text = self._open.text if message.key == self._open.key else None
        self._acts.copy(message_as_text(message, text))
        self._say("The message was copied as text", "", tone=rows.Tone.GOOD)

    def _copy_link(self, message: MessageSummary) -> None:
        self._acts.copy(link_to(message.key))
        text = "On this computer it opens this mail, from notes, tickets and chats."
        self._say("A link to this mail was copied", text, tone=rows.Tone.GOOD)

    def _print(self, message: MessageSummary) -> None:
        # Printing brings a library of its own, which only a click needs.
        from supportdesk.ui.inbox.printing import ask_and_print

        text = self._open.text
        if text is not None and message.key == self._open.key:
            ask_and_print(self._window, message, text)

    def _remember(self, act: Callable[[], None], closed: str = "") -> str:
        """Return the name under which it can be taken back."""
        name = f"{_UNDO_NAME}{next(self._names)}"
        self._undos = [*self._undos, Undo(name, act, closed)][-_REMEMBERED:]
        return name

    def _take_back(self, undos: Iterable[Undo]) -> None:
        for undo in undos:
            at = self._undos.index(undo)
            del self._undos[at]
            try:
                undo.act()
            except StoreError as error:
                self._undos.insert(at, undo)
                self._say(f"Not undone: {error.problem.title}", error.problem.advice)

    def _refresh(self) -> None:
        self._open.look_again()
        self.changed.emit()

    def _say_undoable(self, title: str, name: str) -> None:
        self._open.look_again()
        undo = ActionButton(
            action=Action.UNDO,
            label="Undo",
            target=name,
            icon="refresh",
            shortcut="u",
        )
        self.said.emit(rows.Notice(title=title, tone=rows.Tone.GOOD, buttons=(undo,)))

    def _say(self, title: str, text: str, tone: rows.Tone = rows.Tone.AMBER) -> None:
        self.said.emit(rows.Notice(title=title, text=text, tone=tone))


def _offer(action: Action, label: str, shortcut: str = "") -> ActionButton:
    plain = ActionButton(action=action, label=label, rank=ButtonRank.GHOST)
    return replace(plain, shortcut=shortcut)
