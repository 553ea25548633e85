"""The real app with a mailbox it can answer from, driven by its keys and read from outside.

    with AnsweringApp(answering_home(folder, dovecot, user)) as app:
        app.wait_until_listening("Support")
        app.begin_answer(mail_key("Support", "<order@example.org>"))
        app.type("It leaves today.")
        app.send()
        app.wait_for_unsent(0)

There is no screen and no session bus: ten of them start while a desktop does. For what only a
desktop can show (alerts, the tray, xdotool) take `DesktopApp` with the same home.
"""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing, suppress
from pathlib import Path
from queue import Empty, Queue
from types import TracebackType
from typing import Any, Self

from supportdesk.adapters.desktop.single_instance import ask
from supportdesk.adapters.places import Places
from supportdesk.domain.app_links import link_to
from supportdesk.domain.errors import ConnectionLost
from tests.e2e.broken_sources import Table, good_mail, table_as_toml
from tests.e2e.running import command, environment, make_home
from tests.lab.mail import PASSWORD, DovecotLab
from tests.lab.waiting import patient, wait_until

_ANSWER_SECONDS = 15.0
Fields = dict[str, Any]


def answering_home(
    folder: Path,
    mail: DovecotLab,
    user: str,
    *,
    undo_seconds: int = 0,
    name: str = "Support",
    also: Table | None = None,
    smtp: Table | None = None,
    more: str = "",
) -> Path:
    """A home whose one account reads and sends through this Dovecot.

    Args:
        folder: Where the home is made.
        mail: The server, for IMAP and submission.
        user: Whose mailbox it is, and its address.
        undo_seconds: How long a message waits for an undo.
        name: Of the account.
        also: More of the [[mail]] table.
        smtp: More of the [mail.smtp] table, or other values of it.
        more: Further tables of the settings.
    """
    sending: Table = {
        "host": "localhost",
        "port": mail.submission_port,
        "security": "starttls",
        "user": user,
        "ca_file": str(mail.ca_file),
        **(smtp or {}),
    }
    lines = [f"{key} = {json.dumps(value)}" for key, value in sending.items()]
    settings = "\n".join(
        [
            table_as_toml("mail", name, {**good_mail(mail, user), **(also or {})}),
            "[mail.smtp]",
            *lines,
            "",
            "[answering]",
            f"undo_seconds = {undo_seconds}",
            more,
        ]
    )
    return make_home(folder, settings, {f"mail/{name}": PASSWORD})


class AnsweringApp:
    """`supportdesk` on this home, without a screen."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self._process: subprocess.Popen[str] | None = None
        self._answers: Queue[Fields] = Queue()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    # --- its life ----------------------------------------------------------------------

    def start(self) -> None:
        """Start it, and wait until it can be asked."""
        with (self.home / "stderr.txt").open("a") as errors:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.e2e.app_with_hands"],
                env=environment(self.home) | {"QT_QPA_PLATFORM": "offscreen"},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
            )
        self._answers = Queue()
        threading.Thread(
            target=_read, args=(self._process, self._answers), name="app reader", daemon=True
        ).start()
        wait_until(self._answers_or_ended, seconds=30, what="the app to answer")
        assert self.is_running, self.errors()

    def _answers_or_ended(self) -> bool:
        try:
            return self.asked({"verb": "status"}) is not None or not self.is_running
        except ConnectionLost:
            return not self.is_running  # it takes questions already, and has yet to begin

    def stop(self) -> int:
        """End it politely, as the end of a session does; return its exit status."""
        return self._end(signal.SIGTERM)

    def kill(self) -> None:
        """End it as a crash would."""
        self._end(signal.SIGKILL)

    def wait_for_end(self) -> int:
        """It quits by itself; return its exit status."""
        wait_until(lambda: not self.is_running, seconds=60, what="the app to end")
        return self._end(signal.SIGTERM)

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def errors(self) -> str:
        return (self.home / "stderr.txt").read_text()

    # --- hands -------------------------------------------------------------------------

    def begin_answer(self, key: str) -> None:
        """The composer of an answer to this mail is open and has the keyboard."""
        self.follow(link_to(key) + "?action=reply")
        self.wait_for_composer()

    def open(self, key: str) -> None:
        """Show this mail, as a link to it does."""
        self.follow(link_to(key))

    def follow(self, link: str) -> Fields:
        answer = self.asked({"verb": "open", "link": link})
        assert answer is not None, self.errors()
        assert answer.get("ok"), answer
        return answer

    def wait_for_composer(self) -> None:
        wait_until(
            lambda: (self.hands("text").get("is") or {}).get("has_keyboard"),
            seconds=30,
            what="a composer with the keyboard",
        )

    def type(self, words: str) -> None:
        """Where the keyboard is."""
        self._must("type", text=words)

    def press(self, *keys: str) -> None:
        """Keys by Qt's names, such as `Ctrl+Return`, where the keyboard is."""
        for one in keys:
            self._must("press", keys=one)

    def click(self, name: str) -> None:
        """A button by its accessible name, once it is there and can be pressed."""
        wait_until(
            lambda: self.hands("click", name=name)["ok"], seconds=30, what=f"the button {name!r}"
        )

    def send(self) -> None:
        self.press("Ctrl+Return")

    def hands(self, do: str, **more: object) -> Fields:
        """One act of the hands, and what came of it: `ok`, and `is` or `why`."""
        process = self._process
        assert process is not None
        assert process.stdin is not None
        process.stdin.write(json.dumps({"do": do, **more}) + "\n")
        process.stdin.flush()
        try:
            return self._answers.get(timeout=patient(_ANSWER_SECONDS))
        except Empty as error:
            raise AssertionError(f"no answer to {do}: {self.errors()}") from error

    def _must(self, do: str, **more: object) -> Any:
        answer = self.hands(do, **more)
        assert answer["ok"], f"{do} {more}: {answer.get('why')}\n{self.errors()}"
        return answer["is"]

    # --- eyes --------------------------------------------------------------------------

    def composed(self) -> Fields:
        """The `text`, the `cursor` and `has_keyboard` of the composer on show."""
        found: Fields = self._must("text")
        return found

    def names(self) -> list[str]:
        """What can be seen, by accessible names."""
        found: list[str] = self._must("names")
        return found

    def wait_to_read(self, words: str) -> str:
        """Wait until the name of something on show has these words; return that name."""
        return wait_until(
            lambda: next((one for one in self.names() if words in one), ""),
            seconds=30,
            what=f"{words!r} among {self.names()}",
        )

    def wait_for_text(self, words: str) -> None:
        """Wait until the open message says this."""
        wait_until(
            lambda: words in self._must("message"),
            seconds=30,
            what=f"{words!r} in the message, which says {self._must('message')!r}",
        )

    def screenshot(self, file: Path) -> None:
        assert self._must("grab", file=str(file))

    def asked(self, request: Fields) -> Fields | None:
        """The answer of its local socket."""
        return ask(Places.under(self.home), request, _ANSWER_SECONDS)

    def status(self) -> Fields:
        answer = self.asked({"verb": "status"})
        return answer["state"] if answer is not None else {}

    def wait_until_listening(self, *sources: str) -> None:
        def listens() -> bool:
            states = {one["source"]: one["health"] for one in self.status().get("sources", [])}
            return all(states.get(source) == "listening" for source in sources)

        wait_until(listens, seconds=30, what=f"{sources} to be heard")

    def wait_for_people(self, count: int) -> None:
        """So many wait for a reply."""
        wait_until(
            lambda: self.status().get("people_waiting") == count,
            seconds=30,
            what=f"{count} people to wait",
        )

    def wait_for_unsent(self, count: int) -> None:
        wait_until(lambda: self.status().get("unsent") == count, seconds=30, what=f"{count} unsent")

    def outbox(self) -> Fields:
        """What `supportdesk outbox --json` says."""
        answer = command(self.home, "outbox", "--json")
        assert answer.returncode == 0, answer.stderr
        found: Fields = json.loads(answer.stdout)
        return found

    # --- what is on disk ---------------------------------------------------------------

    def sending_states(self) -> dict[str, str]:
        """The state of each outgoing message, by its Message-ID, read beside the app."""
        return dict(self._rows("SELECT message_id, state FROM outgoing"))

    def wait_for_state(self, *states: str) -> None:
        """Every outgoing message is in one of these, and there is one."""
        wait_until(
            lambda: (now := set(self.sending_states().values())) and now <= set(states),
            seconds=60,
            what=f"all messages to be {states}",
        )

    def drafts(self) -> dict[str, str]:
        """The text of each draft, by its id."""
        return dict(self._rows("SELECT id, body FROM draft"))

    def _rows(self, query: str) -> list[tuple[str, str]]:
        file = self.home / "desk.db"
        with closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)) as beside:
            return [(str(first), str(second)) for first, second in beside.execute(query)]

    # --- inside ------------------------------------------------------------------------

    def _end(self, number: signal.Signals) -> int:
        process, self._process = self._process, None
        if process is None:
            return 0
        if process.poll() is None:
            os.kill(process.pid, number)
        status = process.wait(patient(30))
        if process.stdin is not None:
            with suppress(BrokenPipeError):
                process.stdin.close()
        return status


def _read(process: "subprocess.Popen[str]", answers: "Queue[Fields]") -> None:
    assert process.stdout is not None
    with process.stdout as stream:
        for line in stream:
            answers.put(json.loads(line))
