r"""The few commands that leave something in a mailbox, on a connection that is made for them.

Answering writes a flag on the question, a copy into Sent, and marks by which colleagues see who is
at it. Nothing of the team's is ever removed: EXPUNGE, CLOSE, MOVE, COPY and DELETE cannot be sent,
and what may be marked as deleted is what we have written ourselves, by a header of ours in it. Such
a one may be expunged by its own uid, which takes nothing else along.
A mailbox is opened for writing only while a flag is set: SELECT takes \Recent from everybody else.
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from supportdesk.adapters.mail.header_search import uids_with_header
from supportdesk.adapters.mail.imap_link import LONGEST_COMMAND_SECONDS, Command, ImapLink
from supportdesk.adapters.mail.mailbox_names import quoted, refusal
from supportdesk.domain.mail import MessageAddress
from supportdesk.protocols.imap_responses import (
    Continuation,
    Fetch,
    Response,
    TaggedStatus,
    UntaggedStatus,
)
from supportdesk.protocols.mailbox_sync import opened_mailbox

OWN_HEADER = "X-Supportdesk-Own"
"""What we put into a mailbox to take it out again carries this header."""
ANSWERED = "\\answered"
ANY_KEYWORD = "\\*"

FOUNDER_READ = "$FounderRead"
"""On what the founder really read; its name is for the eyes of colleagues."""
_OWN_WORD = r"\$(?:SD-[A-Za-z0-9_-]{1,80}|FounderRead)"
_WRITING = re.compile(
    r'SELECT "[^"\r\n]*"'
    r"|UID STORE \d+ \+FLAGS\.SILENT \(\\Answered\)"
    rf"|UID STORE \d+ (?:\(UNCHANGEDSINCE \d+\) )?[+-]FLAGS\.SILENT \({_OWN_WORD}\)"
    r'|CREATE "(?:INBOX[./])?Supportdesk(?:[./][^"\r\n]*)?"',
)
_STORED = re.compile(r"APPENDUID (\d{1,10}) (\d{1,10})", re.IGNORECASE)
_PIECE = 65_536
# A server looks through what it is given before it says that it has it.
_TAKING_SECONDS = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A mailbox that is open: what it is now.

    Attributes:
        permanent_flags: Those that stay, in lower case; None where the server does not say.
    """

    name: str
    uidvalidity: int
    uidnext: int
    permanent_flags: frozenset[str] | None

    def can_keep(self, flag: str) -> bool:
        """A server that says nothing of it keeps all flags (RFC 3501, 7.1)."""
        kept, flag = self.permanent_flags, flag.lower()
        if kept is None or flag in kept:
            return True
        return not flag.startswith("\\") and ANY_KEYWORD in kept


class WritingLink(ImapLink):
    """One logged-in connection that may write what its docstring names. Belongs to one thread."""

    def open(self, mailbox: str) -> Opened:
        """Open a mailbox to look into it: what others have appended meanwhile is seen from here on.

        Raises what `refusal` makes of a NO.
        """
        return self._open("EXAMINE", mailbox)

    @contextmanager
    def opened_for_flags(self, mailbox: str) -> Iterator[Opened]:
        """Open a mailbox for the moment in which a flag is set."""
        yield self._open("SELECT", mailbox)
        # By CLOSE what is marked as deleted would be gone.
        self._open("EXAMINE", mailbox)

    def flags(self, uid: int) -> frozenset[str] | None:
        """The flags of a message of the open mailbox, in lower case; None: it is not there."""
        found: list[frozenset[str]] = []

        def hear(response: Response) -> None:
            if isinstance(response, Fetch) and response.uid == uid and response.flags is not None:
                found.append(response.flags)

        self.run(f"UID FETCH {uid} (UID FLAGS)", hear)
        return found[-1] if found else None

    def add_flag(self, uid: int, flag: str) -> bool:
        """Set a flag and look: a STORE that does nothing is answered by OK as well."""
        self.run(f"UID STORE {uid} +FLAGS.SILENT ({flag})", _ignore)
        return flag.lower() in (self.flags(uid) or ())

    def remove_flag(self, uid: int, flag: str) -> None:
        self.run(f"UID STORE {uid} -FLAGS.SILENT ({flag})", _ignore)

    def uids_named(self, message_id: str) -> list[int]:
        """The messages of the open mailbox with this Message-ID, in ascending order."""
        return self.uids_with("Message-ID", message_id)

    def uids_with(self, field: str, value: str) -> list[int]:
        """The messages of the open mailbox with this in a field of their head."""
        found = uids_with_header(self.run, field, value)
        # Servers look for words or parts of words, each in its own way.
        return [uid for uid in found if value in self._header(uid, field)]

    def append(
        self, mailbox: str, content: Path | bytes, flags: Sequence[str] = ("\\Seen",)
    ) -> tuple[TaggedStatus, MessageAddress | None]:
        """Put a message into a mailbox; the address as far as the server tells it (RFC 4315)."""
        size = len(content) if isinstance(content, bytes) else content.stat().st_size
        patience = self.answer_seconds
        self.answer_seconds = max(patience, _TAKING_SECONDS)
        tag = self._send(f"APPEND {quoted(mailbox)} ({' '.join(flags)}) {{{size}}}")
        ended = self._give(Command(tag=tag, hear=_ignore, take=None), content)
        self.answer_seconds = patience
        stored = _STORED.fullmatch(ended.code) if ended.is_ok else None
        if stored is None:
            return ended, None
        return ended, MessageAddress(
            mailbox=mailbox, uidvalidity=int(stored[1]), uid=int(stored[2])
        )

    def discard_own(self, uid: int) -> bool:
        """Mark as deleted what we have written; in a mailbox that is open for flags.

        Not expunged: that would take along what others have marked. False: it is not ours.
        """
        if not self._header(uid, OWN_HEADER):
            return False
        command = f"UID STORE {uid} +FLAGS.SILENT (\\Deleted)"
        return self.finish(Command(tag=self._send(command), hear=_ignore, take=None)).is_ok

    def expunge_own(self, uid: int) -> None:
        """The same, and expunge it where a server can do that with one uid alone (RFC 4315)."""
        if self.discard_own(uid) and "UIDPLUS" in self.capabilities:
            tag = self._send(f"UID EXPUNGE {uid}")
            self.finish(Command(tag=tag, hear=_ignore, take=None))

    def _may_send(self, command: str) -> bool:
        return super()._may_send(command) or _WRITING.fullmatch(command) is not None

    def _open(self, verb: str, mailbox: str) -> Opened:
        heard: list[Response] = []
        ended = self.run(f"{verb} {quoted(mailbox)}", heard.append)
        if not ended.is_ok:
            raise refusal(mailbox, ended, self._settings)
        numbers = opened_mailbox(heard)
        return Opened(
            name=mailbox,
            uidvalidity=numbers.uidvalidity,
            uidnext=numbers.uidnext,
            permanent_flags=_permanent_flags(heard),
        )

    def _header(self, uid: int, name: str) -> str:
        """The value of a header field of a message, unfolded; empty when it has none."""
        found: list[bytes] = []

        def hear(response: Response) -> None:
            if isinstance(response, Fetch) and response.uid == uid and response.header is not None:
                found.append(response.header)

        self.run(f"UID FETCH {uid} (UID BODY.PEEK[HEADER.FIELDS ({name})])", hear)
        text = found[-1].decode("utf-8", "replace") if found else ""
        return " ".join(text.partition(":")[2].split())

    def _give(self, command: Command, content: Path | bytes) -> TaggedStatus:
        """Send what was announced, once the server wants it; it may refuse before."""
        self._deadline = self._transport.clock.monotonic_seconds() + LONGEST_COMMAND_SECONDS
        while command.ended is None:
            response = self._next_response()
            if isinstance(response, Continuation):
                self._send_content(content)
                return self.finish(command)
            if isinstance(response, TaggedStatus) and response.tag == command.tag:
                command.ended = response
            elif response is not None:
                self._pass_on(response, command.hear)
        return command.ended

    def _send_content(self, content: Path | bytes) -> None:
        if isinstance(content, bytes):
            self._transport.send(content, self.answer_seconds)
        else:
            with content.open("rb") as file:
                while piece := file.read(_PIECE):
                    self._transport.send(piece, self.answer_seconds)
        self._transport.send(b"\r\n", self.answer_seconds)


def _permanent_flags(heard: Sequence[Response]) -> frozenset[str] | None:
    for response in heard:
        if isinstance(response, UntaggedStatus):
            name, _, value = response.code.partition(" ")
            if name.upper() == "PERMANENTFLAGS":
                return frozenset(value.strip("()").lower().split())
    return None


def _ignore(_response: Response) -> None:
    """What the server tells besides is the reading connection's to know."""
