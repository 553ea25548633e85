"""What the single keys do on the Voices page."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from supportdesk.domain.voices import Felt
from supportdesk.ui.choices import Choices
from supportdesk.ui.rows import Action
from supportdesk.ui.voices.voices_page import VoicesPage

_STEPS = {"j": 1, "k": -1}
_ASKED = {
    "o": Action.OPEN_SOURCE,
    "e": Action.EDIT_KEPT,
    "c": Action.COPY_QUOTE,
    "C": Action.COPY_QUOTE_MASKED,
    "p": Action.QUOTES_OF_PERSON,
    "q": Action.KEEP_QUOTE,
    "n": Action.NOTE_CALL,
    "L": Action.LEARNED,
}
"""Only those that the page offers do anything."""
_FELT = {str(number): felt for number, felt in enumerate(Felt, start=1)}


def press_on_voices(
    event: QKeyEvent, voices: VoicesPage, choices: Choices, *, are_letters_on: bool
) -> bool:
    """False when the key means nothing there."""
    if event.key() == Qt.Key.Key_Delete:
        return voices.ask(Action.REMOVE_KEPT)
    if not are_letters_on:
        return False
    letter = event.text()
    if letter in _STEPS:
        voices.step(_STEPS[letter])
    elif letter == "/":
        voices.open_search()
    elif letter == "w":
        choices.asked.emit(Action.OPEN_WEEK_WORDS, "")
    elif letter == "u":
        choices.asked.emit(Action.UNDO_VOICES, "")
    elif letter in _FELT:
        return voices.toggle_felt(_FELT[letter])
    else:
        action = _ASKED.get(letter)
        return action is not None and voices.ask(action)
    return True
