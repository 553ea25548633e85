"""The keys of the window in one table: what acts on them and what `?` shows read the same one."""

from __future__ import annotations

from enum import Enum, auto
from typing import NamedTuple

from PySide6.QtCore import Qt


class KeyCommand(Enum):
    """What a key does, where it has a meaning."""

    NEXT = auto()
    PREVIOUS = auto()
    REPLY = auto()
    REPLY_ALL = auto()
    FORWARD = auto()
    OPEN_IN_CLIENT = auto()
    NO_REPLY = auto()
    UNDO = auto()
    PREVIOUS_MESSAGE = auto()
    NEXT_MESSAGE = auto()
    SHOW_IMAGES = auto()
    SHOW_ORIGINAL = auto()
    TOGGLE_QUOTE = auto()
    MORE = auto()
    SPLIT = auto()
    JOIN = auto()
    PERSON = auto()
    SNOOZE = auto()
    NOTE = auto()
    MINE = auto()
    TAG = auto()
    PROMISE_KEPT = auto()
    PROMISE_MOVE = auto()
    TAKE_CALL = auto()
    CALL_BACK = auto()
    DONE = auto()
    ALL_DONE = auto()
    LIVE_BOARD = auto()
    MORNING = auto()
    KEEP = auto()
    LEARNED = auto()
    CORRECT_SPAN = auto()
    ADD_TIME = auto()
    SEARCH = auto()
    ALL_KEYS = auto()


LETTERS: dict[str, KeyCommand] = {
    "j": KeyCommand.NEXT,
    "k": KeyCommand.PREVIOUS,
    "r": KeyCommand.REPLY,
    "R": KeyCommand.REPLY_ALL,
    "f": KeyCommand.FORWARD,
    "o": KeyCommand.OPEN_IN_CLIENT,
    "x": KeyCommand.NO_REPLY,
    "u": KeyCommand.UNDO,
    "[": KeyCommand.PREVIOUS_MESSAGE,
    "]": KeyCommand.NEXT_MESSAGE,
    "i": KeyCommand.SHOW_IMAGES,
    "v": KeyCommand.SHOW_ORIGINAL,
    "e": KeyCommand.TOGGLE_QUOTE,
    ".": KeyCommand.MORE,
    "s": KeyCommand.SPLIT,
    "g": KeyCommand.JOIN,
    "p": KeyCommand.PERSON,
    "z": KeyCommand.SNOOZE,
    "n": KeyCommand.NOTE,
    "m": KeyCommand.MINE,
    "#": KeyCommand.TAG,
    "y": KeyCommand.PROMISE_KEPT,
    "Y": KeyCommand.PROMISE_MOVE,
    "t": KeyCommand.TAKE_CALL,
    "b": KeyCommand.CALL_BACK,
    "d": KeyCommand.DONE,
    "D": KeyCommand.ALL_DONE,
    "l": KeyCommand.LIVE_BOARD,
    "M": KeyCommand.MORNING,
    "q": KeyCommand.KEEP,
    "L": KeyCommand.LEARNED,
    "c": KeyCommand.CORRECT_SPAN,
    "a": KeyCommand.ADD_TIME,
    "/": KeyCommand.SEARCH,
    "?": KeyCommand.ALL_KEYS,
}
"""Single keys; they act only while no field has the keyboard (WCAG 2.1.4)."""

HELD_BACK = (
    Qt.KeyboardModifier.ControlModifier
    | Qt.KeyboardModifier.AltModifier
    | Qt.KeyboardModifier.MetaModifier
)


class KeyLine(NamedTuple):
    """A line of the overview."""

    keys: tuple[str, ...]
    words: str


OVERVIEW: tuple[KeyLine, ...] = (
    KeyLine(("j", "k"), "next, previous conversation, call or span (also the arrows)"),
    KeyLine(("[", "]"), "earlier, later message in it (also Alt+Up, Alt+Down)"),
    KeyLine(("Space", "Shift+Space"), "a page down, up in the message"),
    KeyLine(("e",), "show or hide quoted text"),
    KeyLine(("i",), "show the images of this message"),
    KeyLine(("r", "R", "f"), "reply, reply to all, forward"),
    KeyLine(("Ctrl+Return", "Esc"), "in an answer: send it, put it away (it is kept)"),
    KeyLine(("Ctrl+Shift+A", "Ctrl+Shift+S"), "in an answer: attach files, saved replies"),
    KeyLine(("Ctrl+B", "Ctrl+I", "Ctrl+Shift+L"), "in an answer: bold, italic, list"),
    KeyLine(("Ctrl+Shift+P", "Ctrl+Shift+O"), "in an answer: how it looks, a window of its own"),
    KeyLine(("o",), "open in your mail program or webmail"),
    KeyLine(("x",), "needs no reply"),
    KeyLine(("s",), "split: a new conversation from this message on"),
    KeyLine(("g",), "gather: join with the other conversation of this person"),
    KeyLine(("q",), "keep the selected words; of a call they are typed"),
    KeyLine(("L",), "what did we learn? One line from this conversation or call"),
    KeyLine(("z",), "put off until later (snooze), or wake"),
    KeyLine(("n",), "internal note on the conversation or the chosen call"),
    KeyLine(("y", "Y"), "the promise is kept, move it (a line of a note that ends with a lone !)"),
    KeyLine(("#",), "add a tag"),
    KeyLine(("m",), "mine: claim it, or let it go"),
    KeyLine(("p",), "who this is: name, addresses, numbers, notes"),
    KeyLine(("u",), "undo the last of these, sending too for ten seconds"),
    KeyLine(("v",), "show the original, as it came"),
    KeyLine((".",), "more: copy, print, original"),
    KeyLine(("Ctrl+P",), "print"),
    KeyLine(("Ctrl+C",), "copy what is selected"),
    KeyLine(("Ctrl+Shift+C",), "copy the message as text"),
    KeyLine(("Ctrl++", "Ctrl+-", "Ctrl+0"), "larger, smaller, as before (also Ctrl and the wheel)"),
    KeyLine(("t",), "take the longest waiting call"),
    KeyLine(("b",), "call back"),
    KeyLine(("d", "D"), "Calls: the chosen missed call is done (or not), all are done"),
    KeyLine(("c", "Delete"), "My week: correct, delete the chosen span"),
    KeyLine(("a", "u"), "My week: add time, undo the last change of the log"),
    KeyLine(("1", "…", "5"), "Voices: how it was felt; once more takes it back"),
    KeyLine(("e", "c", "C"), "Voices: edit the note, copy, copy with the name masked"),
    KeyLine(("w",), "Voices: the page of this week, in their words"),
    KeyLine(("Delete", "u"), "Voices: take the words out, undo"),
    KeyLine(("M",), "morning scroll: all that came since the last look, to its end"),
    KeyLine(("Space", "Shift+Space"), "Morning scroll: on, back"),
    KeyLine(("l",), "show or close the live board"),
    KeyLine(("/",), "search"),
    KeyLine(("Ctrl+1", "…", "Ctrl+4"), "Inbox, Calls, Voices, My week"),
    KeyLine(("F6", "Shift+F6"), "strip, rail, list, reading: on and back"),
    KeyLine(("Esc",), "back; leaves the search"),
    KeyLine(("?",), "this overview"),
)
