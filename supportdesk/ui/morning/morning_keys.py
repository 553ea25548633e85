"""What the keys do on the morning scroll: Space moves on, letters are about what is in view."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from supportdesk.ui.choices import Choices
from supportdesk.ui.morning.morning_page import MorningPage
from supportdesk.ui.rows import Action

_STEPS = {"j": 1, "k": -1}
_OF_A_MAIL = {
    "r": (Action.REPLY,),
    "R": (Action.REPLY_ALL,),
    "f": (Action.FORWARD,),
    "x": (Action.NO_REPLY,),
    "i": (Action.SHOW_IMAGES,),
    "z": (Action.SNOOZE,),
    "n": (Action.NOTE_MAIL,),
    "m": (Action.CLAIM, Action.LET_GO),
    "#": (Action.ADD_TAG,),
    "p": (Action.EDIT_PERSON,),
    "q": (Action.KEEP_QUOTE,),
    "L": (Action.LEARNED,),
}
_OF_A_CALL = {
    "b": Action.CALL_BACK,
    "d": Action.MISSED_DONE,
    "n": Action.NOTE_CALL,
    "q": Action.KEEP_QUOTE,
    "L": Action.LEARNED,
}
_CALL = "call/"


def press_on_morning(
    event: QKeyEvent,
    morning: MorningPage,
    choices: Choices,
    ask_about_message: Callable[[Action], bool],
    *,
    are_letters_on: bool,
) -> bool:
    """False when the key means nothing there."""
    if event.key() == Qt.Key.Key_Space:
        morning.turn(-1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1)
        return True
    if event.key() == Qt.Key.Key_Escape:
        choices.asked.emit(Action.SHOW_INBOX, "")
        return True
    letter = event.text()
    if not are_letters_on or not letter:
        return False
    # A letter right after Space is about what that has brought in view.
    morning.settle()
    if letter in _STEPS:
        morning.step(_STEPS[letter])
        return True
    if letter == "u":
        choices.asked.emit(Action.UNDO, morning.key_in_view)
        return True
    if letter == "e":
        return morning.toggle_quote()
    if letter == "o":
        return morning.ask(Action.OPEN_PIECE)
    if morning.key_in_view.startswith(_CALL):
        action = _OF_A_CALL.get(letter)
        return action is not None and morning.ask(action)
    return bool(morning.key_in_view) and any(
        ask_about_message(one) for one in _OF_A_MAIL.get(letter, ())
    )
