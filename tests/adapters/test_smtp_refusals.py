"""Servers that do not send: each refusal names who refused what, why, and what to do next."""

from dataclasses import replace
from pathlib import Path

import pytest

from supportdesk.adapters.mail.letter_problems import LetterDelayed, LetterRefused, OutcomeUnknown
from supportdesk.adapters.mail.sending_test import test_sending as try_sending
from supportdesk.adapters.mail.smtp_problems import Reply, of_refused_login, sending_account
from supportdesk.domain.errors import (
    AuthRejected,
    ConnectionLost,
    PeerProtocolError,
    ServerBusy,
    SettingsError,
    SupportDeskError,
)
from supportdesk.domain.settings import MailAuth, MailSettings, Security
from tests.adapters.imap_account import settings_for
from tests.adapters.smtp_account import LETTER, letter, send, sending, sends_at
from tests.fakes.smtp_server import SmtpAnswer, SmtpServer
from tests.lab.certificates import LabAuthority
from tests.lab.faulty_smtp import FaultySmtp
from tests.lab.waiting import free_port

US = "support@lab.test"


def failure(settings: MailSettings, secret: str = "secret") -> SupportDeskError:
    with pytest.raises(SupportDeskError) as caught:
        try_sending(settings, secret)
    assert caught.value.advice
    return caught.value


def refused(
    folder: Path,
    answers: list[tuple[str, SmtpAnswer]],
    to: tuple[str, ...] = ("c@example.org",),
    content: bytes = LETTER,
) -> SupportDeskError:
    """What a message meets at a server that answers so."""
    with (
        SmtpServer(answers) as server,
        sending(sends_at(server.port)) as link,
        pytest.raises(SupportDeskError) as caught,
    ):
        send(link, letter(folder, content), to)
    assert caught.value.advice
    return caught.value


@pytest.mark.parametrize(
    ("greeting", "kind", "title"),
    [
        (b"HTTP/1.1 400 Bad Request", PeerProtocolError, "is a web server"),
        (b"* OK Dovecot ready", PeerProtocolError, "speaks IMAP, which only reads"),
        (b"+OK POP3 ready", PeerProtocolError, "speaks POP3"),
        (b"SSH-2.0-OpenSSH", PeerProtocolError, "speaks SSH"),
        (b"220 ProFTPD FTP Server", PeerProtocolError, "speaks FTP"),
        (b"Asterisk Call Manager/7.0", PeerProtocolError, "speaks to phones"),
        (b"hello", PeerProtocolError, "does not speak SMTP"),
        (b"421 4.7.0 Too many connections", ServerBusy, "takes no more mail from support@lab.te"),
        (b"554 5.7.1 Your network is listed", ConnectionLost, "no mail from this computer (554 5"),
    ],
)
def test_what_answers_instead(greeting: bytes, kind: type[SupportDeskError], title: str) -> None:
    with SmtpServer(greeting=greeting) as server:
        error = failure(sends_at(server.port))
    assert isinstance(error, kind)
    assert title in error.title


def test_nobody_and_silence() -> None:
    assert failure(sends_at(free_port())).title.startswith("Nothing answers at 127.0.0.1, port")
    with (
        SmtpServer(greeting=None) as server,
        pytest.raises(ConnectionLost, match="takes the connection but says nothing"),
        sending(sends_at(server.port), answer_seconds=0.2),
    ):
        pass


def test_settings_that_cannot_be_meant() -> None:
    assert isinstance(failure(settings_for(1)), SettingsError)
    error = failure(sends_at(25, host="192.0.2.1"))
    assert isinstance(error, SettingsError)
    assert "would not be encrypted" in error.title
    error = failure(sends_at(25, ca_file="/none.pem", security=Security.TLS))
    assert isinstance(error, SettingsError)
    assert "CA file" in error.title


@pytest.mark.parametrize(
    ("answer", "kind", "title"),
    [
        (b"535 5.7.8 Authentication failed", AuthRejected, "refused user or password"),
        (
            b"535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled",
            AuthRejected,
            "Sending by SMTP is switched off for support@lab.test at 127.0.0.1",
        ),
        (b"550 5.7.1 Submission is not enabled for you", AuthRejected, "switched off"),
        (b"534-5.7.9 Application-specific password\r\n534 5.7.9 required", AuthRejected, "app pa"),
        (b"534 5.7.14 Please log in via your web browser", AuthRejected, "with a web browser"),
        (b"550 5.7.30 Basic authentication is not supported", AuthRejected, "no passwords for sen"),
        (b"538 5.7.11 Encryption required", AuthRejected, "no password without encryption"),
        (b"454 4.7.0 Temporary authentication failure", ConnectionLost, "at the moment (454"),
        (b"432 4.3.2 Concurrent connections limit exceeded", ServerBusy, "takes no more mail"),
        (b"454 4.7.0 Too many login attempts", ServerBusy, "takes no more mail"),
        (b"421 4.7.0 Try again later", ServerBusy, "takes no more mail"),
    ],
)
def test_refused_logins(answer: bytes, kind: type[SupportDeskError], title: str) -> None:
    with SmtpServer([("AUTH", [answer])]) as server:
        error = failure(sends_at(server.port))
    assert isinstance(error, kind)
    assert title in error.title


def test_a_refused_token() -> None:
    challenge: SmtpAnswer = [b"334 eyJzdGF0dXMiOiI0MDAifQ==", b"<", b"535 5.7.8 No"]
    offer: SmtpAnswer = [b"250-x", b"250 AUTH PLAIN XOAUTH2"]
    with SmtpServer([("EHLO", offer), ("AUTH XOAUTH2", challenge)]) as server:
        error = failure(sends_at(server.port, auth=MailAuth.XOAUTH2))
    assert isinstance(error, AuthRejected)
    assert "refused the sign-in token of support@lab.test for sending" in error.title


def test_microsoft_does_not_say_why_so_all_that_it_can_be_is_named() -> None:
    settings = sends_at(587, host="smtp.office365.com", auth=MailAuth.XOAUTH2)
    reply = Reply(code=535, words="5.7.3 Authentication unsuccessful")
    error = of_refused_login(reply, sending_account(settings))
    assert isinstance(error, AuthRejected)
    for cause in ("expired", "SMTP.Send", "switched off"):
        assert cause in error.advice


def test_ways_to_sign_in_that_do_not_meet() -> None:
    with SmtpServer() as server:
        error = failure(sends_at(server.port, auth=MailAuth.XOAUTH2))
    assert "takes no sign-in token for sending (it offers PLAIN, LOGIN)" in error.title
    with SmtpServer([("EHLO", [b"250-x", b"250 AUTH GSSAPI"])]) as server:
        error = failure(sends_at(server.port))
    assert "takes no password for sending (it offers GSSAPI)" in error.title


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (("RCPT", [b"553 5.7.1 Sender address rejected: not owned by user"]), "send from support@"),
        (("MAIL", [b"550 Go away"]), "send from support@"),
        (("RCPT", [b"550 5.1.1 User unknown"]), ""),
        (("MAIL", [b"450 4.7.1 Later"]), ""),
    ],
)
def test_only_a_refusal_of_the_sender_speaks_against_the_account(
    answer: tuple[str, SmtpAnswer], words: str
) -> None:
    with SmtpServer([answer]) as server:
        settings = replace(sends_at(server.port), aliases=("jürgen@lab.test",))
        if words:
            assert words in failure(settings).title
        else:
            assert try_sending(settings, "secret").endswith(
                "but not from jürgen@lab.test; none was sent"
            )


def test_the_older_way_to_sign_in() -> None:
    answers: list[tuple[str, SmtpAnswer]] = [
        ("EHLO", [b"250-x", b"250 AUTH LOGIN"]),
        ("AUTH LOGIN", [b"334 VXNlcm5hbWU6", b"<", b"334 UGFzc3dvcmQ6", b"<", b"235 OK"]),
    ]
    with SmtpServer(answers) as server:
        assert try_sending(sends_at(server.port, user="anna"), "sécret") == (
            "127.0.0.1 takes mail from anna; none was sent"
        )
        assert server.lines[-1] == "QUIT"


def test_a_server_elsewhere_must_offer_a_sign_in(tmp_path: Path) -> None:
    """What is written 127.1 is this computer, but not by name: a stand-in for elsewhere."""
    authority = LabAuthority(tmp_path)
    with (
        SmtpServer([("EHLO", [b"250 x"])]) as server,
        FaultySmtp(server.port, authority.issue("x", names=("127.1",))) as wire,
    ):
        settings = sends_at(
            wire.port, host="127.1", security=Security.TLS, ca_file=str(authority.ca_file)
        )
        error = failure(settings)
    assert isinstance(error, AuthRejected)
    assert "offers no sign-in on port" in error.title
    assert "port 25 is for mail between servers" in error.advice


@pytest.mark.parametrize("answer", [b"220 Go\r\n250 injected", b"454 Not now", b"220 Go\r\n"])
def test_starttls_that_cannot_be_trusted(answer: bytes, tmp_path: Path) -> None:
    authority = LabAuthority(tmp_path)
    offer: SmtpAnswer = [b"250-x", b"250 STARTTLS"]
    ends: SmtpAnswer = [answer, b"!"]
    with SmtpServer([("EHLO", offer), ("STARTTLS", ends)]) as server:
        settings = sends_at(server.port, security=Security.STARTTLS, ca_file=str(authority.ca_file))
        error = failure(settings)
        assert not [line for line in server.lines if line.startswith("AUTH")]
    assert isinstance(error, PeerProtocolError | ConnectionLost)


@pytest.mark.parametrize(
    ("answer", "kind", "title"),
    [
        (b"502 What", PeerProtocolError, "does not speak SMTP"),
        (b"421 4.3.2 Closing", ServerBusy, "takes no more mail"),
        (b"250-endless\r\n" * 10_000, ConnectionLost, "was lost"),
        (b"250-" + b"x" * 10_000, PeerProtocolError, "does not speak SMTP"),
    ],
)
def test_greetings_that_go_wrong(answer: bytes, kind: type[SupportDeskError], title: str) -> None:
    with SmtpServer([("EHLO", [answer])]) as server:
        error = failure(sends_at(server.port))
    assert isinstance(error, kind)
    assert title in error.title


@pytest.mark.parametrize(
    ("answer", "kind", "title"),
    [
        (
            b"550 5.7.60 Client does not have permissions",
            LetterRefused,
            f"cannot be sent from {US}",
        ),
        (b"553 5.1.8 Who is that", LetterRefused, "127.0.0.1 does not let support@lab.test use it"),
        (b"552 5.3.4 Message size exceeds limit", LetterRefused, "too large for 127.0.0.1"),
        (b"451 4.3.0 Not now", LetterDelayed, "at the moment (451 4.3.0 Not now)"),
        (b"530 5.7.0 Authentication required", AuthRejected, "does not pass on mail"),
        (b"550 5.4.5 Daily user sending limit exceeded", ServerBusy, "sent as much as"),
        (b"421 4.3.2 Closing", ServerBusy, "takes no more mail"),
        (b"gibberish", PeerProtocolError, "does not speak SMTP"),
    ],
)
def test_a_refused_sender(
    tmp_path: Path, answer: bytes, kind: type[SupportDeskError], title: str
) -> None:
    error = refused(tmp_path, [("MAIL", [answer])])
    assert isinstance(error, kind)
    assert title in error.title


@pytest.mark.parametrize(
    ("answer", "kind", "title"),
    [
        (b"550 5.1.1 User unknown", LetterRefused, "(1 of 2): there is no such address"),
        (b"552 5.2.2 Mailbox full", LetterRefused, "(1 of 2): the mailbox is full"),
        (b"550 5.7.1 Go away", LetterRefused, "refuses two@example.org (1 of 2)"),
        (b"450 4.2.0 Greylisted", LetterDelayed, "come back later for two@example.org"),
        (b"452 4.2.2 Over quota", LetterDelayed, "at the moment: the mailbox is full"),
        (b"452 4.5.3 Too many recipients", LetterRefused, "takes fewer than 2 recipients"),
        (b"554 5.7.1 Relay access denied", AuthRejected, "does not pass on mail"),
        (b"421 4.7.0 Slow down", ServerBusy, "takes no more mail"),
        (b"nonsense", PeerProtocolError, "does not speak SMTP"),
    ],
)
def test_a_refused_recipient(
    tmp_path: Path, answer: bytes, kind: type[SupportDeskError], title: str
) -> None:
    error = refused(
        tmp_path, [("RCPT TO:<two", [answer])], to=("one@example.org", "two@example.org")
    )
    assert isinstance(error, kind)
    assert title in error.title


def test_a_final_refusal_outweighs_a_delay(tmp_path: Path) -> None:
    answers: list[tuple[str, SmtpAnswer]] = [
        ("RCPT TO:<one", [b"451 4.7.1 Greylisted"]),
        ("RCPT TO:<two", [b"550 5.1.1 No such user"]),
    ]
    error = refused(tmp_path, answers, to=("one@example.org", "two@example.org"))
    assert isinstance(error, LetterRefused)
    assert [address for address, _ in error.refused] == ["two@example.org"]


def test_all_are_refused_for_the_sender(tmp_path: Path) -> None:
    """Postfix says so at the first recipient, not at the sender."""
    answer = b"553 5.7.1 <support@lab.test>: Sender address rejected: not owned by user anna"
    error = refused(tmp_path, [("RCPT", [answer])], to=("one@example.org", "two@example.org"))
    assert f"cannot be sent from {US}" in error.title


def test_many_refused_recipients_are_counted(tmp_path: Path) -> None:
    many = tuple(f"c{number}@example.org" for number in range(20))
    error = refused(tmp_path, [("RCPT", [b"550 5.1.1 No such user"])], to=many)
    assert isinstance(error, LetterRefused)
    assert "c0@example.org, c1@example.org, c2@example.org and 17 more" in error.title
    assert error.advice.startswith("Correct these addresses and send it again. Nobody has got it.")
    assert len(error.refused) == 20


@pytest.mark.parametrize("command", ["DATA", "."])
@pytest.mark.parametrize(
    ("answer", "kind", "title"),
    [
        (b"554 5.7.1 Spam message rejected", LetterRefused, "refuses what is in the message"),
        (b"552-5.7.0 This message was\r\n552 5.7.0 blocked", LetterRefused, "what is in the mess"),
        (b"552 5.3.4 Message too big", LetterRefused, "too large for 127.0.0.1"),
        (b"550 5.7.60 SendAsDenied", LetterRefused, "cannot be sent from"),
        (b"554 Transaction failed", LetterRefused, "refuses the message"),
        (b"452 4.3.1 Insufficient system storage", LetterDelayed, "at the moment (452 4.3.1"),
        (b"421 4.7.0 Closing", ServerBusy, "takes no more mail"),
    ],
)
def test_a_refused_text(
    tmp_path: Path, command: str, answer: bytes, kind: type[SupportDeskError], title: str
) -> None:
    error = refused(tmp_path, [(command, [answer])])
    assert isinstance(error, kind)
    assert title in error.title


def test_nonsense_after_the_dot_leaves_it_open(tmp_path: Path) -> None:
    assert isinstance(refused(tmp_path, [(".", [b"gibberish"])]), OutcomeUnknown)
    assert isinstance(refused(tmp_path, [(".", [b"354 Go on"])]), OutcomeUnknown)


def test_a_server_that_hangs_up_in_the_text_says_why(tmp_path: Path) -> None:
    ends: SmtpAnswer = [b"354-x", b"354 y\r\n552 5.3.4 Message too big", b"!"]
    error = refused(tmp_path, [("DATA", ends)], content=LETTER * 200_000)
    assert isinstance(error, LetterRefused)
    assert "too large" in error.title
    error = refused(tmp_path, [("DATA", [b"354 y", b"!"])], content=LETTER * 200_000)
    assert isinstance(error, ConnectionLost)
    assert not isinstance(error, LetterDelayed | OutcomeUnknown)


def test_a_server_that_speaks_before_the_dot_gets_none(tmp_path: Path) -> None:
    answers: list[tuple[str, SmtpAnswer]] = [
        ("DATA", [b"354 Go", b"<", b"<", b"421 4.4.2 Timeout", b"<", b"<"])
    ]
    with SmtpServer(answers) as server, sending(sends_at(server.port)) as link:
        link.offer(US, ("c@example.org",), letter(tmp_path))
        link.wait(30)
        with pytest.raises(ServerBusy, match=r"4\.4\.2 Timeout"):
            link.finish()


def test_letters_beyond_ascii_need_a_server_that_takes_them(tmp_path: Path) -> None:
    error = refused(
        tmp_path, [("EHLO", [b"250-x", b"250 AUTH PLAIN"])], content="Grüße\r\n".encode()
    )
    assert isinstance(error, LetterRefused)
    assert "letters beyond ASCII" in error.title
    with SmtpServer() as server, sending(sends_at(server.port)) as link:
        send(link, letter(tmp_path, "Grüße\r\n".encode()))
        assert "MAIL FROM:<support@lab.test> BODY=8BITMIME" in server.lines


def test_the_text_is_carried_as_smtp_wants_it(tmp_path: Path) -> None:
    with SmtpServer() as server, sending(sends_at(server.port)) as link:
        send(link, letter(tmp_path, b".one\n.\ntwo"))
        assert [line for line in server.lines if line.startswith("|")] == [
            "| ..one",
            "| ..",
            "| two",
        ]
