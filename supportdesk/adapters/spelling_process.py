"""The dictionary, in a process of its own; it ends when its input does.

hunspell holds Python's interpreter while it reads a dictionary (80 ms) and looks for what was meant
(120 ms), also in a thread: the window would stand still. And its memory, 9 MB and more, is given
back as a whole when nobody writes any more.
"""

import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Protocol, TextIO

from supportdesk.services.spelling import folder_order

COMMAND = "spell"
_MOST_SUGGESTIONS = 6
_ENDING = ".dic"
_FOLDERS = (
    "/usr/share/hunspell",
    "/usr/share/myspell/dicts",
    "/Library/Spelling",
    "~/Library/Spelling",
)


class Dictionary(Protocol):
    """What of hunspell is used."""

    def spell(self, word: str) -> bool: ...

    def suggest(self, word: str) -> Iterable[str]: ...


def serve(language: str, asked: TextIO, answers: TextIO) -> None:
    """Answer each line; the first line says whether there is a dictionary at all."""
    dictionary, why = _open(language)
    _say(answers, {"why": why})
    if dictionary is None:
        return
    for line in asked:
        question = json.loads(line)
        if "look" in question:
            words = question["look"]
            wrong = [word for word in words if not _is_right(dictionary, word)]
            _say(answers, {"looked": words, "wrong": wrong})
        else:
            word = question["suggest"]
            _say(answers, {"suggest": word, "words": _suggestions(dictionary, word)})


def main(language: str) -> int:
    """Serve the process that started this one."""
    serve(language, sys.stdin, sys.stdout)
    return 0


def _open(language: str) -> tuple[Dictionary | None, str]:
    try:
        # An extra, and needed nowhere else.
        import hunspell
    except ImportError:
        return None, "missing"
    bundled = Path(hunspell.__file__).parent / "dictionaries"
    folders = [Path(folder).expanduser() for folder in _FOLDERS]
    for folder in (*folders, bundled):
        for name in folder_order(language, _dictionaries(folder)):
            return hunspell.Hunspell(name, hunspell_data_dir=str(folder)), ""
    return None, "unknown"


def _dictionaries(folder: Path) -> Iterator[str]:
    return (path.stem for path in sorted(folder.glob(f"*{_ENDING}")))


def _is_right(dictionary: Dictionary, word: str) -> bool:
    try:
        return dictionary.spell(word)
    except UnicodeEncodeError:
        # Letters that this dictionary cannot write: a word of another language.
        return True


def _suggestions(dictionary: Dictionary, word: str) -> list[str]:
    try:
        return list(dictionary.suggest(word))[:_MOST_SUGGESTIONS]
    except UnicodeEncodeError:
        return []


def _say(answers: TextIO, answer: dict[str, Any]) -> None:
    answers.write(json.dumps(answer) + "\n")
    answers.flush()
