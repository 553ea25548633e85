"""mutt, a mail program that is not of our making, on a mailbox of the lab's Dovecot.

It runs in a terminal of its own and draws its list with one line a message, threads as trees.
"""

import os
import pty
import re
import signal
import subprocess
import tempfile
import termios
import tty
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from tests.lab.mail import PASSWORD, DovecotLab
from tests.lab.packages import why_unavailable
from tests.lab.waiting import patient, wait_until

_ROWS, _COLUMNS = 50, 300
_ESCAPES = re.compile(r"\x1b(?:\[[0-9;?]*[A-Za-z]|[()][A-Z0-9]|[=>78M])")
_ROW = re.compile(r"«(<[^>]*>) \[([^\]]*)\] ([^»]*)»")
_READY = re.compile(r"READY (\d+) OF")


@dataclass(frozen=True, slots=True, kw_only=True)
class MuttRow:
    """A message as the list shows it.

    Attributes:
        tree: The branch that is drawn before its subject; empty for the first of a thread.
        flags: `r` in it: it was read and answered; mutt says N of all that is unread.
    """

    message_id: str
    flags: str
    tree: str
    subject: str


def why_no_mutt() -> str | None:
    """Say why mutt cannot run here, or None."""
    return why_unavailable(["mutt"])


def list_in_mutt(lab: DovecotLab, user: str, mailbox: str) -> list[MuttRow]:
    """What mutt shows of a mailbox, sorted by threads, in its order."""
    with tempfile.TemporaryDirectory(prefix="mutt-") as folder:
        rc = Path(folder) / "muttrc"
        rc.write_text(_settings(lab, user, mailbox, Path(folder)))
        with _terminal() as (ours, theirs):
            process = subprocess.Popen(
                ["mutt", "-F", str(rc)],
                stdin=theirs,
                stdout=theirs,
                stderr=theirs,
                env={
                    "HOME": folder,
                    "PATH": os.environ.get("PATH", ""),
                    "LANG": "C.UTF-8",
                    "TERM": "xterm",
                    # It asks /dev/tty how large it is, which a session of its own has not.
                    "LINES": str(_ROWS),
                    "COLUMNS": str(_COLUMNS),
                },
                start_new_session=True,
            )
            try:
                return _drawn(ours)
            finally:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait(patient(10))


def _settings(lab: DovecotLab, user: str, mailbox: str, folder: Path) -> str:
    return f"""
set folder="imaps://{user}@localhost:{lab.imaps_port}/"
set spoolfile="+{mailbox}"
set imap_user="{user}"
set imap_pass="{PASSWORD}"
set certificate_file="{lab.ca_file}"
set header_cache=""
set tmpdir="{folder}"
set sort=threads
set strict_threads=yes
set hide_thread_subject=no
set index_format="«%i [%Z] %s»"
set status_format="READY %m OF"
set help=no
set move=no
set wait_key=no
set charset="utf-8"
"""


@contextmanager
def _terminal() -> Iterator[tuple[int, int]]:
    ours, theirs = pty.openpty()
    try:
        termios.tcsetwinsize(theirs, (_ROWS, _COLUMNS))
        tty.setraw(ours)
        os.set_blocking(ours, False)
        yield ours, theirs
    finally:
        os.close(ours)
        os.close(theirs)


def _drawn(terminal: int) -> list[MuttRow]:
    screen = bytearray()

    def rows() -> list[MuttRow] | None:
        with suppress(BlockingIOError):
            screen.extend(os.read(terminal, 65_536))
        text = _ESCAPES.sub("", screen.decode("utf-8", "replace"))
        ready = _READY.findall(text)
        found = _rows_of(text)
        return found if ready and int(ready[-1]) == len(found) > 0 else None

    try:
        found = wait_until(rows, seconds=20, what="mutt to list the mailbox")
    except TimeoutError as error:
        raise TimeoutError(f"{error}; it drew {bytes(screen)[-2000:]!r}") from error
    return found or []


def _rows_of(text: str) -> list[MuttRow]:
    """Each message once, as it was drawn last."""
    found: dict[str, MuttRow] = {}
    for message_id, flags, subject in _ROW.findall(text):
        bare = re.sub(r"^[^\w<]*[└├│─>▶ ]+", "", subject)
        found[message_id] = MuttRow(
            message_id=message_id,
            flags=flags.strip(),
            tree=subject[: len(subject) - len(bare)].strip(),
            subject=bare.strip(),
        )
    return list(found.values())
