"""What the single keys do on the page that is open."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QTextEdit,
    QWidget,
)

from supportdesk.ui.calls.calls_page import CallsPage
from supportdesk.ui.choices import Choices
from supportdesk.ui.inbox.inbox_page import InboxPage
from supportdesk.ui.keys import HELD_BACK, LETTERS, KeyCommand
from supportdesk.ui.morning.morning_keys import press_on_morning
from supportdesk.ui.morning.morning_page import MorningPage
from supportdesk.ui.rows import Action, ActionButton, MessageView, Page
from supportdesk.ui.shell import Shown
from supportdesk.ui.voices.voices_keys import press_on_voices
from supportdesk.ui.voices.voices_page import VoicesPage
from supportdesk.ui.week.week_page import WeekPage

_MESSAGE_ACTIONS = {
    KeyCommand.REPLY: Action.REPLY,
    KeyCommand.REPLY_ALL: Action.REPLY_ALL,
    KeyCommand.FORWARD: Action.FORWARD,
    KeyCommand.OPEN_IN_CLIENT: Action.OPEN_IN_CLIENT,
    KeyCommand.NO_REPLY: Action.NO_REPLY,
    KeyCommand.SHOW_IMAGES: Action.SHOW_IMAGES,
    KeyCommand.SHOW_ORIGINAL: Action.SHOW_ORIGINAL,
    KeyCommand.SPLIT: Action.SPLIT,
    KeyCommand.JOIN: Action.JOIN,
    KeyCommand.PERSON: Action.EDIT_PERSON,
    KeyCommand.SNOOZE: Action.SNOOZE,
    KeyCommand.NOTE: Action.NOTE_MAIL,
    KeyCommand.TAG: Action.ADD_TAG,
    KeyCommand.KEEP: Action.KEEP_QUOTE,
    KeyCommand.LEARNED: Action.LEARNED,
}
_PROMISE_ACTIONS = {
    KeyCommand.PROMISE_KEPT: Action.PROMISE_KEPT,
    KeyCommand.PROMISE_MOVE: Action.PROMISE_MOVE,
}
_CALL_ACTIONS = {
    **{command: (action,) for command, action in _PROMISE_ACTIONS.items()},
    KeyCommand.DONE: (Action.MISSED_DONE, Action.MISSED_NOT_DONE),
    KeyCommand.ALL_DONE: (Action.ALL_MISSED_DONE,),
    KeyCommand.UNDO: (Action.UNDO_MISSED_DONE,),
    KeyCommand.PERSON: (Action.EDIT_PERSON,),
    KeyCommand.NOTE: (Action.NOTE_CALL,),
    KeyCommand.KEEP: (Action.KEEP_QUOTE,),
    KeyCommand.LEARNED: (Action.LEARNED,),
}
_STEPS = {KeyCommand.NEXT: 1, KeyCommand.PREVIOUS: -1}


def is_typing(focused: QWidget | None) -> bool:
    """A field has the keyboard: single letters are text there."""
    if isinstance(focused, QPlainTextEdit | QTextEdit):
        return not focused.isReadOnly()
    return isinstance(focused, QLineEdit | QAbstractSpinBox | QComboBox)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pages:
    """Those that have keys of their own, once they were shown."""

    inbox: InboxPage | None = None
    calls: CallsPage | None = None
    voices: VoicesPage | None = None
    week: WeekPage | None = None
    morning: MorningPage | None = None


class KeyCommands(QObject):
    """Turns a key into the choice it stands for; tells whether it meant anything."""

    all_keys_asked = Signal()

    def __init__(self, choices: Choices, shown: Shown) -> None:
        super().__init__(choices)
        self._choices = choices
        self._shown = shown
        self.are_letters_on = True

    def press(self, event: QKeyEvent, pages: Pages, focused: QWidget | None) -> bool:
        if self._shown.is_first_run or event.modifiers() & HELD_BACK:
            return False
        if pages.calls is not None and self._shown.page is Page.CALLS:
            return self._press_on_calls(event, pages.calls, focused)
        if pages.voices is not None and self._shown.page is Page.VOICES:
            return self._press_on_voices(event, pages.voices)
        if pages.week is not None and self._shown.page is Page.WEEK:
            return self._press_on_week(event, pages.week)
        if pages.morning is not None and self._shown.page is Page.MORNING:
            return self._press_on_morning(event, pages.morning)
        return self._press_on_inbox(event, pages.inbox, focused)

    def _press_on_inbox(
        self, event: QKeyEvent, inbox: InboxPage | None, focused: QWidget | None
    ) -> bool:
        """Also on pages that have no keys of their own."""
        is_inbox = inbox is not None and self._shown.page is Page.INBOX
        if event.key() == Qt.Key.Key_Escape:
            return is_inbox and inbox is not None and inbox.step_back(focused)
        if event.key() == Qt.Key.Key_Space and is_inbox and inbox is not None:
            is_back = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            return inbox.turn_page(-1 if is_back else 1)
        command = LETTERS.get(event.text())
        if command is None or not self.are_letters_on:
            return False
        if self._everywhere(command):
            return True
        if command is KeyCommand.CALL_BACK:
            return self._call_back()
        return is_inbox and inbox is not None and self._on_inbox(command, inbox)

    def _everywhere(self, command: KeyCommand) -> bool:
        match command:
            case KeyCommand.ALL_KEYS:
                self.all_keys_asked.emit()
            case KeyCommand.TAKE_CALL:
                return self._take_call()
            case KeyCommand.LIVE_BOARD:
                self._choices.asked.emit(Action.LIVE_BOARD, "")
            case KeyCommand.MORNING:
                self._choices.asked.emit(Action.SHOW_MORNING, "")
            case _:
                return False
        return True

    def _press_on_calls(self, event: QKeyEvent, calls: CallsPage, focused: QWidget | None) -> bool:
        if event.key() == Qt.Key.Key_Escape:
            return calls.step_back(focused)
        command = LETTERS.get(event.text())
        if command is None or not self.are_letters_on:
            return False
        return self._everywhere(command) or self._on_calls(command, calls)

    def _on_calls(self, command: KeyCommand, calls: CallsPage) -> bool:
        view = self._shown.calls
        match command:
            case KeyCommand.NEXT | KeyCommand.PREVIOUS:
                calls.step(_STEPS[command])
            case KeyCommand.SEARCH:
                calls.open_search()
            case KeyCommand.CALL_BACK:
                return self._ask_for(Action.CALL_BACK, view.past.actions)
            case _:
                offered = [*view.past.actions, *(view.banner.buttons if view.banner else ())]
                offered += view.past.promise.buttons if view.past.promise else ()
                wanted = _CALL_ACTIONS.get(command, ())
                return any(self._ask_for(action, offered) for action in wanted)
        return True

    def _press_on_voices(self, event: QKeyEvent, voices: VoicesPage) -> bool:
        command = LETTERS.get(event.text()) if self.are_letters_on else None
        if command is not None and self._everywhere(command):
            return True
        return press_on_voices(event, voices, self._choices, are_letters_on=self.are_letters_on)

    def _press_on_morning(self, event: QKeyEvent, morning: MorningPage) -> bool:
        command = LETTERS.get(event.text()) if self.are_letters_on else None
        if command is not None and self._everywhere(command):
            return True
        return press_on_morning(
            event,
            morning,
            self._choices,
            self.ask_about_message,
            are_letters_on=self.are_letters_on,
        )

    def _press_on_week(self, event: QKeyEvent, week: WeekPage) -> bool:
        if event.key() == Qt.Key.Key_Delete:
            return week.delete_chosen()
        command = LETTERS.get(event.text())
        if command is None or not self.are_letters_on:
            return False
        return self._everywhere(command) or self._on_week(command, week)

    def _on_week(self, command: KeyCommand, week: WeekPage) -> bool:
        match command:
            case KeyCommand.NEXT | KeyCommand.PREVIOUS:
                week.step(_STEPS[command])
            case KeyCommand.CORRECT_SPAN:
                return week.correct_chosen()
            case KeyCommand.ADD_TIME:
                week.add()
            case KeyCommand.UNDO:
                self._choices.log_undo_asked.emit()
            case _:
                return False
        return True

    def step_message(self, by: int) -> bool:
        """Open the message before or after the one on show, in its conversation."""
        message = self._shown.message
        if message is None:
            return False
        lines = message.earlier[-1:] if by < 0 else message.later[:1]
        for line in lines:
            self._choices.message_chosen.emit(line.key)
        return bool(lines)

    def ask_about_message(self, action: Action) -> bool:
        """An act on the message on show, if it is offered; False when it is not."""
        message = self._shown.message
        return message is not None and self._on_message(action, message)

    def _on_inbox(self, command: KeyCommand, inbox: InboxPage) -> bool:
        match command:
            case KeyCommand.NEXT | KeyCommand.PREVIOUS:
                inbox.step(_STEPS[command])
            case KeyCommand.SEARCH:
                inbox.open_search()
            case KeyCommand.PREVIOUS_MESSAGE:
                return self.step_message(-1)
            case KeyCommand.NEXT_MESSAGE:
                return self.step_message(1)
            case KeyCommand.TOGGLE_QUOTE:
                return inbox.toggle_quote()
            case KeyCommand.MORE:
                inbox.open_menu()
            case KeyCommand.MINE:
                return any(self.ask_about_message(one) for one in (Action.CLAIM, Action.LET_GO))
            case KeyCommand.UNDO:
                self._undo()
            case KeyCommand.PROMISE_KEPT | KeyCommand.PROMISE_MOVE:
                return self._on_promise(_PROMISE_ACTIONS[command])
            case _:
                action = _MESSAGE_ACTIONS.get(command)
                return action is not None and self.ask_about_message(action)
        return True

    def _on_promise(self, action: Action) -> bool:
        """The soonest to whoever wrote the message on show."""
        message = self._shown.message
        lines = message.person.lines if message is not None and message.person is not None else ()
        return self._ask_for(action, [button for line in lines for button in line.buttons])

    def _undo(self) -> None:
        """The last act may have been on a conversation that is not on show any more."""
        message = self._shown.message
        self._choices.asked.emit(Action.UNDO, message.conversation_key if message else "")

    def _on_message(self, action: Action, message: MessageView) -> bool:
        offered = [*message.actions, *message.more]
        offered += [button for notice in message.notices for button in notice.buttons]
        is_possible = any(one.action is action and one.is_enabled for one in offered)
        if is_possible:
            self._choices.asked.emit(action, message.conversation_key)
        return is_possible

    def _take_call(self) -> bool:
        """The strip's button first; it stands for the caller who is the founder's."""
        strip = self._shown.strip
        if strip is not None and self._ask_for(Action.TAKE_CALL, strip.buttons):
            return True
        for caller in self._shown.calls.waiting:
            if caller.can_take:
                self._choices.asked.emit(Action.TAKE_CALL, caller.key)
                return True
        return False

    def _call_back(self) -> bool:
        candidates: list[ActionButton | None] = []
        message = self._shown.message
        if self._shown.page is Page.INBOX and message is not None and message.person is not None:
            candidates.append(message.person.call_back)
        return self._ask_for(Action.CALL_BACK, [button for button in candidates if button])

    def _ask_for(self, action: Action, buttons: Iterable[ActionButton]) -> bool:
        for button in buttons:
            if button.action is action and button.is_enabled:
                self._choices.asked.emit(action, button.target)
                return True
        return False
