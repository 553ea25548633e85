"""Handing one message after the other to a server that is logged in to.

A message is taken by the server with the last dot after its text, and not before: so all but the
dot is `offer`, the dot is `finish`, and between the two the caller writes down that it may go out
from here on. It goes to all recipients or to none.
"""

import contextlib
import re
import smtplib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from supportdesk.adapters.mail import letter_problems, smtp_problems
from supportdesk.adapters.mail.smtp_problems import Reply
from supportdesk.adapters.mail.transport import StoppedError, Transport, Wakeup
from supportdesk.domain.errors import SupportDeskError
from supportdesk.domain.mail_addresses import wire_address
from supportdesk.domain.settings import MailSettings
from supportdesk.protocols.smtp_text import stuffed

ANSWER_SECONDS = 60.0
DOT_SECONDS = 600.0
"""So long a server may take to store a message (RFC 5321, 4.5.3.2.6)."""
_FAREWELL_SECONDS = 2.0
_PIECE_BYTES = 262_144
_GO_AHEAD = 354
_CODE_AGAIN = re.compile(r"\s*\n\s*(?:[245]\.\d+\.\d+ )?")
_MOST_REPLY_BYTES = 100_000
# No name of this computer, and no question to a name server: an address literal is valid anywhere.
_OUR_NAME = "[127.0.0.1]"


class SmtpClient(smtplib.SMTP):
    """smtplib speaking through a transport that is connected already."""

    def __init__(self, transport: Transport, answer_seconds: float) -> None:
        self._transport = transport
        self.patience = self.answer_seconds = answer_seconds
        super().__init__(local_hostname=_OUR_NAME)

    def greet(self, host: str, port: int) -> Reply:
        return _reply(self.connect(host, port))

    def ask(self, command: str, arguments: str = "", *, seconds: float | None = None) -> Reply:
        """Send a command and return what the server says to it. Raises OSError."""
        self.patience = seconds or self.answer_seconds
        return _reply(self.docmd(command, arguments))

    def hear(self, seconds: float) -> Reply:
        """The reply to something that was sent before."""
        self.patience = seconds
        return _reply(self.getreply())

    def begin_anew(self) -> None:
        """Forget what was said before encryption (RFC 3207, 4.2)."""
        self.ehlo_resp = self.helo_resp = None
        self.esmtp_features = {}
        self.does_esmtp = False

    def _get_socket(self, host: str, port: int, timeout: float) -> Any:  # as smtplib has it
        return _Socket(self, self._transport)


class _Socket:
    """As much of a socket as smtplib uses, and its file at the same time."""

    def __init__(self, client: SmtpClient, transport: Transport) -> None:
        self._client = client
        self._transport = transport
        self._bytes_left = _MOST_REPLY_BYTES

    def sendall(self, data: bytes) -> None:
        self._bytes_left = _MOST_REPLY_BYTES
        self._transport.send(data, self._client.patience)

    def makefile(self, *_: object) -> "_Socket":
        return self

    def readline(self, _most: int = -1) -> bytes:
        line = self._transport.read_line(self._client.patience)
        self._bytes_left -= len(line)
        if self._bytes_left < 0:
            raise ConnectionError("the server talks without end")
        return line

    def close(self) -> None:
        self._transport.close()


class SmtpLink:
    """One logged-in connection. Belongs to one thread. Raises SupportDeskError and StoppedError."""

    def __init__(self, client: SmtpClient, transport: Transport, account: MailSettings) -> None:
        self._client = client
        self._transport = transport
        self._account = account
        self._sender = ""
        self._is_amid_text = False

    @property
    def most_bytes(self) -> int | None:
        """The largest message it takes, if it says so (RFC 1870)."""
        said = self._client.esmtp_features.get("size", "")
        return int(said) if said.isdecimal() and int(said) > 0 else None

    def offer(self, sender: str, recipients: Sequence[str], wire: Path) -> None:
        """Say whom it is from and for, and all of its text; only the dot is left then.

        Whatever is raised, nobody has got it.
        """
        self._sender = sender
        addresses = self._in_ascii([sender, *recipients])
        try:
            self._offer(addresses[0], list(zip(recipients, addresses[1:], strict=True)), wire)
        except OSError as error:
            raise self._lost_while_sending(error) from error

    def refusal_of(self, sender: str, recipient: str) -> Reply | None:
        """Why this account may not send from this address; None when nothing speaks against it.

        A message is begun and dropped: many servers say so only once they hear for whom it is.
        """
        wired = wire_address(sender)
        if wired is None:
            return Reply(code=553, words="No mail server can be told this address")
        try:
            said = self._client.ask("MAIL", f"FROM:<{wired}>")
            if said.is_done:
                said = self._client.ask("RCPT", f"TO:<{wire_address(recipient) or wired}>")
                if not letter_problems.is_of_sender(said):
                    said = Reply(code=250, words="OK")
            self._client.ask("RSET")
        except OSError as error:
            raise self._lost(error) from error
        return said if said.is_final else None

    def wait(self, seconds: float) -> Wakeup:
        """Wait before the dot, until woken or until the server says something, which ends it."""
        try:
            return self._transport.wait_for_data(seconds)
        except OSError as error:
            raise self._lost(error) from error

    def finish(self, seconds: float = DOT_SECONDS) -> Reply:
        """Send the dot and return what the server says; from here on everybody may get it.

        Raises `OutcomeUnknown` where no answer came to it, also when told to stop meanwhile.
        Of everything else the server said that it did not take it, or no dot was sent.
        """
        self._is_still_listening()
        try:
            self._transport.send(b".\r\n", self._client.answer_seconds)
            reply = self._client.hear(seconds)
        except Exception as error:
            # Whatever it was, a mistake of ours too: the dot may have gone out before it.
            self.close()
            raise letter_problems.unanswered(self._account) from error
        self._is_amid_text = False
        if reply.is_done:
            return reply
        if reply.is_temporary or reply.is_final:
            raise letter_problems.of_text(reply, self._sender, self._account)
        self.close()
        raise letter_problems.unanswered(self._account)

    def leave(self) -> None:
        """Say good-bye, without waiting for long; what was offered and not finished is void."""
        if not self._is_amid_text:
            # What was accepted before stays so, however the farewell ends.
            with contextlib.suppress(Exception):
                self._client.ask("QUIT", seconds=_FAREWELL_SECONDS)
        self.close()

    def close(self) -> None:
        self._transport.close()

    # --- the steps of an offer -----------------------------------------------------------------

    def _offer(self, sender: str, recipients: list[tuple[str, str]], wire: Path) -> None:
        self._ask_for_sender(sender, wire)
        refused: list[tuple[str, Reply]] = []
        for address, wired in recipients:
            reply = self._client.ask("RCPT", f"TO:<{wired}>")
            if reply.code == 421 or reply.code < 0:
                raise letter_problems.of_recipients(
                    [(address, reply)], len(recipients), self._sender, self._account
                )
            if not reply.is_done:
                refused.append((address, reply))
        if refused:
            self._client.ask("RSET")  # the server has not forgotten those that it took
            raise letter_problems.of_recipients(
                refused, len(recipients), self._sender, self._account
            )
        self._send_text(wire)

    def _send_text(self, wire: Path) -> None:
        reply = self._client.ask("DATA")
        if reply.code != _GO_AHEAD:
            self._client.ask("RSET")
            raise letter_problems.of_text(reply, self._sender, self._account)
        self._is_amid_text = True
        with wire.open("rb") as text:
            for piece in stuffed(_pieces_of(text)):
                self._transport.send(piece, self._client.answer_seconds)

    def _ask_for_sender(self, sender: str, wire: Path) -> None:
        size_bytes = wire.stat().st_size
        most_bytes = self.most_bytes
        if most_bytes is not None and size_bytes > most_bytes:
            raise letter_problems.too_large(size_bytes, most_bytes, self._account)
        options = f" SIZE={size_bytes}" if self._client.has_extn("size") else ""
        if not _is_ascii(wire):
            if not self._client.has_extn("8bitmime"):
                raise letter_problems.no_eight_bits(self._account)
            options += " BODY=8BITMIME"
        reply = self._client.ask("MAIL", f"FROM:<{sender}>{options}")
        if not reply.is_done:
            raise letter_problems.of_sender(reply, self._sender, self._account)

    def _in_ascii(self, addresses: Sequence[str]) -> list[str]:
        wired = [wire_address(address) for address in addresses]
        if unfit := [one for one, its in zip(addresses, wired, strict=True) if its is None]:
            raise letter_problems.not_in_ascii(unfit, self._account)
        return [one for one in wired if one is not None]

    def _is_still_listening(self) -> None:
        """A server that has spoken since, or left, has given up on the message: then no dot."""
        while (why := self.wait(0)) is Wakeup.WOKEN:
            pass
        if why is Wakeup.DATA:
            try:
                reply = self._client.hear(self._client.answer_seconds)
            except OSError as error:
                raise self._lost(error) from error
            finally:
                self.close()
            raise letter_problems.of_text(reply, self._sender, self._account)

    def _lost_while_sending(self, error: OSError) -> SupportDeskError:
        """Some say why before they hang up on a text that they do not want."""
        try:
            said = self._transport.read_line(0.0)
        except (OSError, StoppedError):
            return self._lost(error)
        self.close()
        reply = Reply(
            code=int(said[:3]) if said[:3].isdigit() else -1,
            words=said[4:].decode("utf-8", "replace"),
        )
        return letter_problems.of_text(reply, self._sender, self._account)

    def _lost(self, error: OSError) -> SupportDeskError:
        self.close()
        return of_lost(error, self._account)


def of_lost(error: OSError, account: MailSettings) -> SupportDeskError:
    """Translate an error of the network, which smtplib may have wrapped."""
    cause = error.__context__
    if isinstance(error, smtplib.SMTPServerDisconnected) and isinstance(cause, OSError):
        return smtp_problems.of_network(cause, account)
    if isinstance(error, smtplib.SMTPResponseException):
        return smtp_problems.not_smtp(account)
    return smtp_problems.of_network(error, account)


def _reply(answer: tuple[int, bytes]) -> Reply:
    code, words = answer
    # Each line has the enhanced code anew; the first of them says it.
    text = _CODE_AGAIN.sub(" ", words.decode("utf-8", "replace"))
    return Reply(code=code, words=text.strip())


def _pieces_of(file: Any) -> Iterator[bytes]:
    while piece := file.read(_PIECE_BYTES):
        yield piece


def _is_ascii(wire: Path) -> bool:
    with wire.open("rb") as text:
        return all(piece.isascii() for piece in _pieces_of(text))
