"""The spell check: asks a process of its own, and remembers what that has said.

The process is there while somebody writes, and nothing is asked twice in a run.
"""

import json
import logging
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from PySide6.QtCore import QObject, QProcess, QTimer

from supportdesk.adapters.desktop.autostart import own_command
from supportdesk.adapters.spelling_process import COMMAND
from supportdesk.services.spelling import as_in_dictionary

_GATHER_MILLISECONDS = 30
_END_MILLISECONDS = 1_000

_log = logging.getLogger(__name__)


class Spelling(QObject):
    """Implements `Speller`."""

    def __init__(self, language: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._language = language
        self._process: QProcess | None = None
        self._is_wanted = False
        self._is_ending = False
        self._has_failed = False
        self._rest = b""
        self._right: dict[str, bool] = {}
        self._asked: set[str] = set()
        self._wanted: dict[str, Callable[[Sequence[str]], None]] = {}
        self._heard: list[Callable[[], None]] = []
        self._failed: list[Callable[[str, str], None]] = []
        self._gather = QTimer(self)
        self._gather.setSingleShot(True)
        self._gather.setInterval(_GATHER_MILLISECONDS)
        self._gather.timeout.connect(self._ask)

    @property
    def language(self) -> str:
        return self._language

    @property
    def is_running(self) -> bool:
        """There is a process, or one that has not ended yet."""
        process = self._process
        return process is not None and process.state() is not QProcess.ProcessState.NotRunning

    def listen(self, heard: Callable[[], None], failed: Callable[[str, str], None]) -> None:
        self._heard.append(heard)
        self._failed.append(failed)

    def begin(self) -> None:
        if self._is_wanted or self._has_failed:
            return
        self._is_wanted = True
        if self._process is None:
            self._process = QProcess(self)
            self._process.readyReadStandardOutput.connect(self._read)
            self._process.errorOccurred.connect(self._error)
            self._process.finished.connect(self._finished)
        self._is_ending = self.is_running
        if not self._is_ending:
            self._start(self._process)

    def end(self) -> None:
        self._is_wanted = False
        self._gather.stop()
        self._asked.clear()
        self._wanted.clear()
        if self._process is not None:
            # It ends by itself when its input does; the window does not wait for it.
            self._process.closeWriteChannel()

    def stop(self) -> None:
        """The run ends, and with it what is still there of the process."""
        self.end()
        if self._process is not None and self.is_running:
            self._process.kill()
            self._process.waitForFinished(_END_MILLISECONDS)

    def wrong(self, words: Iterable[str]) -> frozenset[str]:
        found = []
        for word in words:
            is_right = self._right.get(as_in_dictionary(word))
            if is_right is None:
                self._asked.add(as_in_dictionary(word))
                self._gather.start()
            elif not is_right:
                found.append(word)
        return frozenset(found)

    def suggest(self, word: str, then: Callable[[Sequence[str]], None]) -> None:
        self._wanted[as_in_dictionary(word)] = then
        self._say({"suggest": as_in_dictionary(word)})

    # --- inside ------------------------------------------------------------------------

    def _start(self, process: QProcess) -> None:
        self._rest = b""
        program, arguments = own_command(COMMAND, self._language)
        process.start(program, arguments)

    def _finished(self) -> None:
        self._read()
        if self._is_wanted and self._is_ending and self._process is not None:
            # It was wanted again before the last one had ended.
            self._is_ending = False
            self._start(self._process)
            self._gather.start()
        else:
            self._error()

    def _error(self) -> None:
        if self._is_wanted:
            self._fail("gone")

    def _ask(self) -> None:
        if self._asked and self._is_wanted and not self._is_ending:
            words = sorted(self._asked)
            self._asked.clear()
            self._say({"look": words})

    def _say(self, question: dict[str, Any]) -> None:
        if self._process is not None and self._is_wanted:
            self._process.write(json.dumps(question).encode() + b"\n")

    def _read(self) -> None:
        if self._process is None:
            return
        *lines, self._rest = (self._rest + self._process.readAllStandardOutput().data()).split(
            b"\n"
        )
        for line in lines:
            self._take(json.loads(line))

    def _take(self, answer: dict[str, Any]) -> None:
        if answer.get("why"):
            self._fail(answer["why"])
        elif "looked" in answer:
            wrong = frozenset(answer["wrong"])
            self._right.update({word: word not in wrong for word in answer["looked"]})
            if wrong:
                for heard in self._heard:
                    heard()
        elif "suggest" in answer:
            then = self._wanted.pop(answer["suggest"], None)
            if then is not None:
                then(answer["words"])

    def _fail(self, why: str) -> None:
        if self._has_failed:
            return
        self._has_failed = True
        _log.info("Spelling is not checked: %s", why)
        self.end()
        advice = {
            "missing": "Install it with: pip install 'supportdesk[spelling]'",
            "unknown": f"There is no dictionary for {self._language}. Install one for hunspell, "
            "or name another language in the settings.",
        }.get(why, "It ended by itself. It is tried again when supportdesk starts.")
        for failed in self._failed:
            failed("Spelling is not checked", advice)
