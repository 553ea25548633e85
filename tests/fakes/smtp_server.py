"""An SMTP server that says on order what no real one can be made to say."""

from collections.abc import Sequence

from tests.fakes.imap_server import ImapPeer, ImapServer

SmtpAnswer = Sequence[bytes]

_POLITE: list[tuple[str, SmtpAnswer]] = [
    ("EHLO", [b"250-polite", b"250-8BITMIME", b"250 AUTH PLAIN LOGIN"]),
    ("AUTH", [b"235 2.7.0 Welcome"]),
    ("DATA", [b"354 Go ahead"]),
    ("QUIT", [b"221 Bye"]),
    ("", [b"250 OK"]),
]


class SmtpServer(ImapServer):
    """Answers each command by the first answer whose prefix it has, as the fake for IMAP does.

    An answer is a list of lines; `<` reads one line of the client, `!` hangs up. The text of a
    message is no command: after 354 it reads up to the dot, and the answer to it is that to `.`.
    """

    def __init__(
        self,
        answers: Sequence[tuple[str, SmtpAnswer]] = (),
        *,
        greeting: bytes | None = b"220 polite ESMTP",
    ) -> None:
        self._said = [*answers, *_POLITE]
        super().__init__(greeting=greeting)

    def _answer(self, peer: ImapPeer, line: str) -> None:
        with self._lock:
            self._lines.append(line)
        answer = next(
            said for prefix, said in self._said if line.lower().startswith(prefix.lower())
        )
        for text in answer:
            if text == b"<":
                peer.read_line()
            elif text == b"!":
                peer.close()
                raise EOFError
            else:
                peer.send(text)
        if answer and answer[-1].startswith(b"354"):
            while (text_line := peer.read_line()) != ".":
                with self._lock:
                    self._lines.append(f"| {text_line}")
            self._answer(peer, ".")
