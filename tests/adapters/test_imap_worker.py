"""The mail worker against servers that misbehave; the real Dovecot is in tests/e2e."""

import contextlib
import ssl
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from supportdesk.adapters.clock import SystemClock
from supportdesk.adapters.mail.connection_test import test_connection as try_connection
from supportdesk.adapters.mail.imap_link import ImapLink
from supportdesk.adapters.mail.imap_worker import ImapWorker
from supportdesk.adapters.mail.transport import Transport, Waker
from supportdesk.adapters.storage.mail_batch import MailboxKey
from supportdesk.adapters.storage.mail_cache import MailCacheWriter
from supportdesk.adapters.storage.mail_rows import place_row
from supportdesk.domain.errors import (
    AuthRejected,
    CertificateRejected,
    ConnectionLost,
    PeerProtocolError,
    SecretsUnavailable,
    ServerBusy,
    SettingsError,
    SupportDeskError,
)
from supportdesk.domain.events import (
    MailboxOpened,
    MessageGone,
    MessageTextFetched,
    SourceHeard,
)
from supportdesk.domain.health import Hearing, SourceName
from supportdesk.domain.mail import Mailer, MessageAddress, MessageId, MessageSummary
from supportdesk.domain.settings import MailAuth, MailSettings, Security
from supportdesk.protocols.backoff import Backoff
from supportdesk.protocols.mailbox_sync import ListeningRules
from tests.conftest import ExpectLog
from tests.fakes.event_log import EventLog
from tests.fakes.imap_server import Answer, ImapPeer, ImapServer
from tests.lab.certificates import LabAuthority, ServerCertificate
from tests.lab.waiting import free_port, wait_until

QUICK = ListeningRules(
    look_around_seconds=0.3,
    catch_up_seconds=1.0,
    answer_seconds=0.5,
    hasty_answer_seconds=0.3,
    poll_seconds=0.2,
)


def settings_for(port: int, **changes: object) -> MailSettings:
    plain = MailSettings(
        name=SourceName("Support"),
        address="support@lab.test",
        host="127.0.0.1",
        port=port,
        user="support@lab.test",
        security=Security.NONE,
    )
    return replace(plain, **changes)  # type: ignore[arg-type]  # any field of the settings


class Account:
    """A worker with its cache and the log of what it published."""

    def __init__(self, settings: MailSettings, path: Path, rules: ListeningRules = QUICK) -> None:
        self.log = EventLog()
        self.secret_error: SupportDeskError | None = None
        self.worker = ImapWorker(
            settings, self._secret, path / "mail.db", self.log, SystemClock(), rules
        )

    def __enter__(self) -> "Account":
        self.worker.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.worker.stop(5)

    def _secret(self) -> str:
        if self.secret_error is not None:
            raise self.secret_error
        return "sécret"


def failure(settings: MailSettings) -> SupportDeskError:
    with pytest.raises(SupportDeskError) as caught:
        try_connection(settings, "secret")
    return caught.value


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> LabAuthority:
    return LabAuthority(tmp_path_factory.mktemp("authority"))


def server_context(certificate: ServerCertificate) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate.certificate, certificate.key)
    return context


def self_signed(folder: Path) -> ServerCertificate:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2120, 1, 1, tzinfo=UTC))
        .sign(key, hashes.SHA256())
    )
    files = ServerCertificate(certificate=folder / "own.pem", key=folder / "own.key")
    files.certificate.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    files.key.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return files


# What is wrong, in words


@pytest.mark.parametrize(
    ("greeting", "kind", "title"),
    [
        (b"HTTP/1.1 400 Bad Request", PeerProtocolError, "is a web server"),
        (b"<html>", PeerProtocolError, "is a web server"),
        (b"220 mail.example.com ESMTP", PeerProtocolError, "speaks SMTP"),
        (b"220 ProFTPD FTP Server", PeerProtocolError, "speaks FTP"),
        (b"+OK POP3 ready", PeerProtocolError, "speaks POP3"),
        (b"SSH-2.0-OpenSSH", PeerProtocolError, "speaks SSH"),
        (b"Asterisk Call Manager/7.0", PeerProtocolError, "speaks to phones"),
        (b"\x15\x03\x01\x00\x02\x02\x0a" + b"x" * 2000, PeerProtocolError, "does not speak IMAP"),
        (b"* HELLO", PeerProtocolError, "does not speak IMAP"),
        (b"* BYE Too many connections from your IP", ConnectionLost, "no more connections"),
        (b"* BYE Shutting down", ConnectionLost, "ended the connection (Shutting down)"),
    ],
)
def test_what_answers_instead_of_imap(
    greeting: bytes, kind: type[SupportDeskError], title: str
) -> None:
    with ImapServer(greeting=greeting) as server:
        error = failure(settings_for(server.port))
    assert isinstance(error, kind)
    assert title in error.title
    assert error.advice


@pytest.mark.parametrize(
    ("answer", "kind", "title"),
    [
        (b"NO [AUTHENTICATIONFAILED] Authentication failed.", AuthRejected, "user or password"),
        (b"NO LOGIN failed", AuthRejected, "user or password"),
        (b"NO [ALERT] Application-specific password required", AuthRejected, "app password"),
        (b"NO [ALERT] Your account is not enabled for IMAP use.", AuthRejected, "switched off"),
        (b"NO IMAP access is disabled for this mailbox", AuthRejected, "switched off"),
        (b"NO [EXPIRED] your password has expired", AuthRejected, "has expired"),
        (b"NO [PRIVACYREQUIRED] use TLS", AuthRejected, "without encryption"),
        (b"NO [UNAVAILABLE] Temporary authentication failure.", ConnectionLost, "at the moment"),
        (b"NO [ALERT] Too many simultaneous connections.", ConnectionLost, "no more connections"),
        (b"NO [LIMIT] LOGIN Rate limit hit.", ServerBusy, "to slow down"),
        (b"NO [INUSE] Mailbox in use", ServerBusy, "support@lab.test locked for somebody else"),
        (b"BAD User is authenticated but not connected.", ServerBusy, "no more connections"),
        (b"NO Request is throttled. Suggested Backoff Time: 299961", ServerBusy, "to slow down"),
        (b"NO [ALERT] Account exceeded command or bandwidth limits.", ServerBusy, "to slow down"),
        (b"NO [UNAVAILABLE] Server Unavailable. 15", ConnectionLost, "at the moment"),
        (b"NO [ALERT] Please log in via your web browser: x", AuthRejected, "with a web browser"),
        (b"BYE [UNAVAILABLE] Maximum number of connections", ServerBusy, "no more connections"),
        (b"BYE Maintenance", ConnectionLost, "ended the connection (Maintenance)"),
        (b"BYE Maximum number of connections exceeded", ConnectionLost, "no more connections"),
    ],
)
def test_refused_logins(answer: bytes, kind: type[SupportDeskError], title: str) -> None:
    def refusal(peer: ImapPeer, tag: str) -> None:
        peer.send(b"+ ")
        peer.read_line()
        peer.send((b"* " if answer.startswith(b"BYE") else f"{tag} ".encode()) + answer)
        peer.close()

    with ImapServer([("AUTHENTICATE", refusal)]) as server:
        error = failure(settings_for(server.port))
    assert isinstance(error, kind)
    assert title in error.title


def test_a_refused_token() -> None:
    refusal: Answer = [b"+ eyJzdGF0dXMiOiI0MDAifQ==", b"<", b"{tag} NO AUTHENTICATE failed"]
    capability: Answer = [b"* CAPABILITY IMAP4rev1 AUTH=XOAUTH2", b"{tag} OK done"]
    with ImapServer([("AUTHENTICATE", refusal), ("CAPABILITY", capability)]) as server:
        error = failure(settings_for(server.port, auth=MailAuth.XOAUTH2))
    assert isinstance(error, AuthRejected)
    assert "sign-in token" in error.title


@pytest.mark.parametrize(
    ("capabilities", "secret", "title"),
    [
        (b"IMAP4rev1 LOGINDISABLED", "secret", "without encryption"),
        (b"IMAP4rev1", "sécret", "without accents"),
        (b"Nothing", "secret", "does not speak IMAP"),
    ],
)
def test_servers_that_cannot_take_the_password(
    capabilities: bytes, secret: str, title: str
) -> None:
    answer: Answer = [b"* CAPABILITY " + capabilities, b"{tag} OK done"]
    with (
        ImapServer([("CAPABILITY", answer)]) as server,
        pytest.raises(SupportDeskError, match=title),
    ):
        try_connection(settings_for(server.port), secret)


def test_login_for_servers_of_before_sasl() -> None:
    answer: Answer = [b"* CAPABILITY IMAP4rev1", b"{tag} OK done"]
    examine: Answer = [b"* 1 EXISTS", b"{tag} OK done"]
    with ImapServer([("CAPABILITY", answer), ("EXAMINE", examine)]) as server:
        found = try_connection(settings_for(server.port), "secret")
        assert 'LOGIN "support@lab.test" "secret"' in server.lines
    assert found == "Connected to 127.0.0.1 as support@lab.test: 1 message in INBOX"


@pytest.mark.parametrize(
    ("answer", "kind", "title"),
    [
        (b"NO [NONEXISTENT] Unknown Mailbox", SettingsError, "There is no mailbox “Team/Übung”"),
        (b"NO Mailbox doesn't exist: Team", SettingsError, "There is no mailbox"),
        (b"NO [LIMIT] Too many sessions", ServerBusy, "no more connections"),
        (b"NO [INUSE] Not now", ServerBusy, "the mailbox “Team/Übung” locked for somebody else"),
        (b"NO [INUSE] A lock does exist", ServerBusy, "locked for somebody else at the moment"),
        (b"NO [UNAVAILABLE] Request is throttled", ServerBusy, "asks support@lab.test to slow"),
        (b"NO Permission denied", ConnectionLost, "does not open the mailbox"),
    ],
)
def test_a_mailbox_that_cannot_be_opened(
    answer: bytes, kind: type[SupportDeskError], title: str
) -> None:
    with ImapServer([("EXAMINE", [b"{tag} " + answer])]) as server:
        error = failure(settings_for(server.port, mailbox="Team/Übung"))
        assert 'EXAMINE "Team/&ANw-bung"' in server.lines
    assert isinstance(error, kind)
    assert title in error.title


def test_nobody_there() -> None:
    error = failure(settings_for(free_port()))
    assert isinstance(error, ConnectionLost)
    assert error.title.startswith("Nothing answers at 127.0.0.1, port")


def test_a_host_that_does_not_exist() -> None:
    error = failure(settings_for(993, host="imap.nowhere.invalid", security=Security.TLS))
    assert isinstance(error, ConnectionLost)
    assert error.title == "The mail server imap.nowhere.invalid cannot be found"


def test_plain_only_to_this_computer() -> None:
    error = failure(settings_for(143, host="192.0.2.1"))
    assert isinstance(error, SettingsError)
    assert error.key == "security"
    assert "would not be encrypted" in error.title


def test_a_ca_file_that_is_none(tmp_path: Path) -> None:
    error = failure(settings_for(1, security=Security.TLS, ca_file=str(tmp_path / "none.pem")))
    assert isinstance(error, SettingsError)
    (tmp_path / "bad.pem").write_text("no certificate")
    error = failure(settings_for(1, security=Security.TLS, ca_file=str(tmp_path / "bad.pem")))
    assert isinstance(error, SettingsError)
    assert error.key == "ca_file"


def test_certificates_each_have_their_sentence(
    authority: LabAuthority, tmp_path_factory: pytest.TempPathFactory
) -> None:
    stranger = LabAuthority(tmp_path_factory.mktemp("stranger"), name="Somebody else")
    cases = [
        (authority.issue("other", names=("mail.example.com",)), "belongs to another host name"),
        (authority.issue_expired("expired"), "has expired"),
        (stranger.issue("unknown"), "authority this computer does not know"),
    ]
    for certificate, title in cases:
        with ImapServer(tls=server_context(certificate)) as server:
            error = failure(
                settings_for(
                    server.port,
                    host="localhost",
                    security=Security.TLS,
                    ca_file=str(authority.ca_file),
                )
            )
            assert server.lines == []
        assert isinstance(error, CertificateRejected)
        assert title in error.title
        assert "Nothing secret was sent." in error.advice


def test_a_certificate_signed_by_itself(authority: LabAuthority, tmp_path: Path) -> None:
    certificate = self_signed(tmp_path)
    with ImapServer(tls=server_context(certificate)) as server:
        settings = settings_for(
            server.port, host="localhost", security=Security.TLS, ca_file=str(authority.ca_file)
        )
        error = failure(settings)
    assert isinstance(error, CertificateRejected)
    assert "signed by itself" in error.title


def test_tls_on_a_plain_port(authority: LabAuthority) -> None:
    with ImapServer() as server:
        settings = settings_for(
            server.port, host="localhost", security=Security.TLS, ca_file=str(authority.ca_file)
        )
        error = failure(settings)
    assert isinstance(error, PeerProtocolError)
    assert error.title.endswith("does not speak TLS")


@pytest.mark.parametrize(
    "answer", [b"{tag} BAD what", b"{tag} NO what", b"{tag} OK go ahead\r\n* injected"]
)
def test_starttls_that_cannot_be_trusted(answer: bytes, authority: LabAuthority) -> None:
    capability: Answer = [b"* CAPABILITY IMAP4rev1 STARTTLS AUTH=PLAIN", b"{tag} OK done"]
    with ImapServer([("STARTTLS", [answer]), ("CAPABILITY", capability)]) as server:
        error = failure(
            settings_for(
                server.port,
                host="localhost",
                security=Security.STARTTLS,
                ca_file=str(authority.ca_file),
            )
        )
        assert not [line for line in server.lines if line.startswith(("AUTH", "LOGIN"))]
    assert isinstance(error, PeerProtocolError | ConnectionLost)


def test_no_starttls_no_password(authority: LabAuthority) -> None:
    with ImapServer() as server:
        settings = settings_for(
            server.port, security=Security.STARTTLS, ca_file=str(authority.ca_file)
        )
        error = failure(settings)
        assert server.lines == ["CAPABILITY"]
    assert "offers no encryption" in error.title


# How the worker lives with it


def test_a_quiet_mailbox_is_listened_to(tmp_path: Path) -> None:
    with ImapServer() as server, Account(settings_for(server.port), tmp_path) as account:
        health = account.log.wait_until(Hearing.LISTENING)
        assert health.last_heard_at is not None
        assert [event.mailbox for event in account.log.of(MailboxOpened)] == ["INBOX"]
        wait_until(lambda: server.lines.count("IDLE") >= 4, seconds=10, what="renewed IDLE")
        wait_until(lambda: server.lines.count('EXAMINE "INBOX"') >= 2, seconds=10, what="catch-up")
        assert "NOOP" in server.lines
        assert server.connections == 1
    first, *_ = account.log.events
    assert "CONNECTING" in repr(first)


def test_it_stops_at_once_from_any_wait(tmp_path: Path) -> None:
    """Each of its waits would last for an hour; a stop that is not heard at once is logged."""
    hour = 3600.0
    patient = ListeningRules(
        look_around_seconds=hour,
        catch_up_seconds=hour,
        answer_seconds=hour,
        hasty_answer_seconds=hour,
        poll_seconds=hour,
    )
    silent: Answer = []
    cases: list[Sequence[tuple[str, Answer]]] = [
        [],
        [("EXAMINE", silent)],
        [("AUTHENTICATE", silent)],
        [("IDLE", silent)],
    ]
    for index, answers in enumerate(cases):
        with ImapServer(answers) as server:
            account = Account(settings_for(server.port), tmp_path / str(index), patient)
            account.worker.start()
            wait_until(lambda: server.lines, seconds=10, what="a command")
            account.worker.stop(30)
            assert not account.worker._thread.is_alive()


def test_it_stops_at_once_while_nobody_answers(tmp_path: Path) -> None:
    account = Account(settings_for(free_port()), tmp_path, ListeningRules())
    account.worker._backoff = Backoff(first_seconds=3600, cap_seconds=3600)
    account.worker.start()
    account.log.wait_until(Hearing.DEAF)
    account.worker.stop(30)
    assert not account.worker._thread.is_alive()
    account.worker.check_now()
    account.worker.fetch_text(MessageId("<x>"))


def test_one_that_never_started_can_be_stopped(tmp_path: Path) -> None:
    Account(settings_for(1), tmp_path).worker.stop(1)


def test_bye_means_deaf_and_then_listening_again(tmp_path: Path) -> None:
    said: list[int] = []

    def idle(peer: ImapPeer, tag: str) -> None:
        said.append(1)
        peer.send(b"+ idling")
        if len(said) == 1:
            peer.send(b"* BYE Server restarts")
            peer.close()
        else:
            peer.read_line()
            peer.send(f"{tag} OK".encode())

    with (
        ImapServer([("IDLE", idle)]) as server,
        Account(settings_for(server.port), tmp_path) as account,
    ):
        deaf = account.log.wait_until(Hearing.DEAF)
        assert deaf.problem is not None
        assert "ended the connection (Server restarts)" in deaf.problem.title
        assert account.log.wait_until(Hearing.LISTENING).since > deaf.since
        assert server.connections == 2


def test_a_black_hole_is_noticed(tmp_path: Path) -> None:
    def idle(peer: ImapPeer, tag: str) -> None:
        peer.send(b"+ idling")
        with contextlib.suppress(EOFError):
            while True:
                peer.read_line()

    with (
        ImapServer([("IDLE", idle)]) as server,
        Account(settings_for(server.port), tmp_path) as account,
    ):
        account.log.wait_until(Hearing.LISTENING)
        deaf = account.log.wait_until(Hearing.DEAF, seconds=QUICK.look_around_seconds + 5)
        assert deaf.problem is not None
        assert deaf.problem.title == "The mail server 127.0.0.1 does not answer"


def test_a_link_in_doubt_is_called_dead_sooner(tmp_path: Path) -> None:
    """After a change of the network or a sleep nobody waits for the patience of a good link."""

    def idle(peer: ImapPeer, tag: str) -> None:
        peer.send(b"+ idling")
        with contextlib.suppress(EOFError):
            while True:
                peer.read_line()

    rules = ListeningRules(answer_seconds=3600, hasty_answer_seconds=0.3)
    with (
        ImapServer([("IDLE", idle)]) as server,
        Account(settings_for(server.port), tmp_path, rules) as account,
    ):
        account.log.wait_until(Hearing.LISTENING)
        wait_until(lambda: "IDLE" in server.lines, seconds=30, what="IDLE")
        account.worker.check_now()
        account.log.wait_until(Hearing.DEAF, seconds=30)


def test_a_server_that_says_nothing(tmp_path: Path) -> None:
    with (
        ImapServer(greeting=None) as server,
        Account(settings_for(server.port), tmp_path) as account,
    ):
        account.log.wait_until(Hearing.DEAF)
        assert account.log.problem.endswith("takes the connection but says nothing")


def test_a_refused_password_is_not_hammered(tmp_path: Path) -> None:
    refusal: Answer = [b"+ ", b"<", b"{tag} NO [AUTHENTICATIONFAILED] no"]
    with (
        ImapServer([("AUTHENTICATE", refusal)]) as server,
        Account(settings_for(server.port), tmp_path) as account,
    ):
        account.log.wait_until(Hearing.DEAF)
        assert account.log.health is not None
        assert account.log.health.problem is not None
        assert account.log.health.problem.is_for_founder
        with pytest.raises(TimeoutError):
            wait_until(lambda: server.connections > 1, seconds=0.6, what="another try")
        account.worker.check_now()
        wait_until(lambda: server.connections == 2, seconds=5, what="the try that was asked for")


def test_it_waits_longer_from_try_to_try(tmp_path: Path) -> None:
    with (
        ImapServer(greeting=b"* BYE busy") as server,
        Account(settings_for(server.port), tmp_path) as account,
    ):
        wait_until(lambda: server.connections >= 3, seconds=10, what="three tries")
        account.log.wait_until(Hearing.DEAF)
    # 0.8..1 s and 1.6..2 s lie between them; the same problem is told once.
    assert len(account.log.events) == 2


def test_a_missing_secret_is_said(tmp_path: Path) -> None:
    account = Account(settings_for(free_port()), tmp_path)
    account.secret_error = SecretsUnavailable("The key store is locked", "Unlock it.")
    with account:
        account.log.wait_until(Hearing.DEAF)
        assert account.log.problem == "The key store is locked"


def test_a_mistake_of_ours_does_not_end_the_watch(tmp_path: Path, expect_log: ExpectLog) -> None:
    expect_log("Mistake while reading mail")
    account = Account(settings_for(free_port()), tmp_path)
    account.secret_error = RuntimeError("a bug")  # type: ignore[assignment]  # that is the point
    with account:
        account.log.wait_until(Hearing.DEAF)
        assert "supportdesk made a mistake" in account.log.problem
        account.secret_error = SecretsUnavailable("The key store is locked", "Unlock it.")
        account.worker.check_now()
        account.log.wait_for(lambda: "locked" in account.log.problem, "the next try")


def test_a_broken_cache_folder_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with ImapServer() as server, Account(settings_for(server.port), tmp_path / "file") as account:
        account.log.wait_until(Hearing.DEAF)
        assert "mail cache" in account.log.problem


def test_a_text_that_cannot_be_had_now_is_answered(tmp_path: Path) -> None:
    with Account(settings_for(free_port()), tmp_path) as account:
        account.log.wait_until(Hearing.DEAF)
        account.worker.fetch_text(MessageId("<1@x>"))
        account.log.wait_for(lambda: bool(account.log.of(MessageTextFetched)), "an answer")
    answer = account.log.of(MessageTextFetched)[0]
    assert answer.text is None
    assert answer.problem.startswith("Nothing answers at")


def test_a_text_that_does_not_exist(tmp_path: Path) -> None:
    with ImapServer() as server, Account(settings_for(server.port), tmp_path) as account:
        account.log.wait_until(Hearing.LISTENING)
        account.worker.fetch_text(MessageId("<1@x>"))
        account.log.wait_for(lambda: bool(account.log.of(MessageTextFetched)), "an answer")
    assert "not in the mailbox any more" in account.log.of(MessageTextFetched)[0].problem


def test_proofs_of_life_are_told_now_and_then(tmp_path: Path) -> None:
    class FastClock(SystemClock):
        """A minute passes in half a second."""

        def monotonic_seconds(self) -> float:
            return super().monotonic_seconds() * 120

    rules = ListeningRules(look_around_seconds=0.2, catch_up_seconds=1e6)
    log, clock = EventLog(), FastClock()
    with ImapServer() as server:
        worker = ImapWorker(
            settings_for(server.port), lambda: "x", tmp_path / "mail.db", log, clock, rules
        )
        began = clock.monotonic_seconds()
        worker.start()
        log.wait_until(Hearing.LISTENING)
        for count in range(1, 4):
            wait_until(
                lambda: len(log.of(SourceHeard)) >= count,  # noqa: B023
                seconds=10,
                what="a proof of life",
            )
        worker.stop(5)
    heard = log.of(SourceHeard)
    assert all(later.at > earlier.at for earlier, later in pairwise(heard))
    minutes = (clock.monotonic_seconds() - began) / 60
    assert len(heard) <= minutes + 1, "one a minute, however often the worker looks around"


# Mailboxes that are described strangely

HEADER = b"From: Ann <ann@example.org>\r\nSubject: Broken\r\nMessage-ID: <7@x>\r\n\r\n"
ONE_MESSAGE: tuple[str, Answer] = (
    "EXAMINE",
    [b"* 1 EXISTS", b"* OK [UIDVALIDITY 5]", b"* OK [UIDNEXT 8]", b"{tag} OK done"],
)


@pytest.fixture
def broken_envelope() -> Iterator[ImapServer]:
    answers: list[tuple[str, Answer]] = [
        ONE_MESSAGE,
        ("UID FETCH 7 (UID FLAGS", _header_answer),
        ("UID FETCH", [b"* 1 FETCH (UID 7 BODY[]<0> {5}", b"x\r\n\r\ny)", b"{tag} OK done"]),
        ("FETCH 1:* (UID)", [b"* 1 FETCH (UID 7)", b"{tag} OK done"]),
        ("FETCH", [b'* 1 FETCH (UID 7 RFC822.SIZE 9 ENVELOPE ("unclosed)', b"{tag} OK done"]),
    ]
    with ImapServer(answers) as server:
        yield server


def _header_answer(peer: ImapPeer, tag: str) -> None:
    peer.send_raw(
        b"* 1 FETCH (UID 7 FLAGS (\\Seen) RFC822.SIZE 9 BODY[HEADER]<0> {%d}\r\n%s)\r\n%s OK\r\n"
        % (len(HEADER), HEADER, tag.encode())
    )


def test_a_broken_envelope_is_read_from_the_header(
    broken_envelope: ImapServer, tmp_path: Path
) -> None:
    with Account(settings_for(broken_envelope.port), tmp_path) as account:
        account.log.wait_until(Hearing.LISTENING)
        arrived = account.log.arrived
    assert [(one.message_id, one.subject, one.is_seen) for one in arrived] == [
        ("<7@x>", "Broken", True)
    ]


def test_a_message_that_cannot_be_described_at_all_is_not_lost(tmp_path: Path) -> None:
    answers: list[tuple[str, Answer]] = [
        ONE_MESSAGE,
        ("UID FETCH", [b"* 1 FETCH (UID 7 (((", b"{tag} OK done"]),
        ("FETCH 1:* (UID)", [b"* 1 FETCH (UID 7)", b"{tag} OK done"]),
        ("FETCH", [b"* 1 FETCH (UID", b"{tag} OK done"]),
    ]
    with ImapServer(answers) as server, Account(settings_for(server.port), tmp_path) as account:
        account.log.wait_until(Hearing.LISTENING)
        arrived = account.log.arrived
    assert [one.message_id for one in arrived] == ["<5.7@unreadable.invalid>"]
    assert "could not describe" in arrived[0].subject


def test_a_server_without_uidnext_does_not_make_old_mail_new(tmp_path: Path) -> None:
    answers: list[tuple[str, Answer]] = [
        ("EXAMINE", [b"* 1 EXISTS", b"* OK [UIDVALIDITY 5]", b"{tag} OK done"]),
        ("FETCH * (UID)", [b"* 1 FETCH (UID 41)", b"{tag} OK done"]),
        ("FETCH", [b"* 1 FETCH (UID 41 RFC822.SIZE 9 ENVELOPE NIL)", b"{tag} OK done"]),
    ]
    with ImapServer(answers) as server, Account(settings_for(server.port), tmp_path) as account:
        account.log.wait_until(Hearing.LISTENING)
    assert account.log.of(MailboxOpened)[0].uidnext == 42


@pytest.mark.parametrize("capabilities", [b"IMAP4rev1 AUTH=PLAIN", b"IMAP4rev1 AUTH=PLAIN IDLE"])
def test_without_idle_it_polls(capabilities: bytes, tmp_path: Path) -> None:
    answers: list[tuple[str, Answer]] = [
        ("CAPABILITY", [b"* CAPABILITY " + capabilities, b"{tag} OK done"]),
        ("IDLE", [b"{tag} BAD not today"]),
    ]
    with ImapServer(answers) as server, Account(settings_for(server.port), tmp_path) as account:
        account.log.wait_until(Hearing.LISTENING)
        wait_until(lambda: server.lines.count("NOOP") > 4, seconds=10, what="polling")
        assert account.log.health is not None
        assert account.log.health.hearing is Hearing.LISTENING
        assert server.lines.count("IDLE") <= 1


def test_news_before_the_continuation_of_idle_is_heard(tmp_path: Path) -> None:
    """imap-tools and others raise or lose it (DESIGN section 11)."""
    count = [0]

    def idle(peer: ImapPeer, tag: str) -> None:
        count[0] += 1
        news = [b"* 1 EXISTS"] if count[0] == 1 else []
        peer.send(*news, b"+ idling")
        peer.read_line()
        peer.send(f"{tag} OK done".encode())

    fetched: Answer = [
        b'* 1 FETCH (UID 1 RFC822.SIZE 9 ENVELOPE (NIL "Early" NIL NIL NIL NIL NIL NIL NIL NIL))',
        b"{tag} OK done",
    ]
    patient = replace(QUICK, look_around_seconds=60, catch_up_seconds=60)
    with (
        ImapServer([("IDLE", idle), ("FETCH 1:*", fetched)]) as server,
        Account(settings_for(server.port), tmp_path, patient) as account,
    ):
        account.log.wait_for(lambda: bool(account.log.arrived), "the early message", seconds=5)
    assert account.log.arrived[0].subject == "Early"


def test_a_watched_mailbox_that_is_missing_is_said_while_listening(tmp_path: Path) -> None:
    answers: list[tuple[str, Answer]] = [
        ("STATUS", [b"{tag} NO [NONEXISTENT] Unknown Mailbox"]),
    ]
    settings = {"also_watch": ("Lifted",)}
    with (
        ImapServer(answers) as server,
        Account(settings_for(server.port, **settings), tmp_path) as account,
    ):
        account.log.wait_for(lambda: "Lifted" in account.log.problem, "the missing mailbox")
        assert account.log.health is not None
        assert account.log.health.hearing is Hearing.LISTENING


SENT_LISTED: Answer = [b'* LIST (\\Sent) "/" "Sent"', b"{tag} OK done"]
SENT_STATUS: Answer = [
    b'* STATUS "Sent" (MESSAGES 1 UIDNEXT 8 UIDVALIDITY 5)',
    b"{tag} OK done",
]
SENT_ANSWERS: list[tuple[str, Answer]] = [
    (
        'EXAMINE "Sent"',
        [b"* 1 EXISTS", b"* OK [UIDVALIDITY 5]", b"* OK [UIDNEXT 8]", b"{tag} OK done"],
    ),
    ("UID SEARCH", [b"* SEARCH 7", b"{tag} OK done"]),
    ("UID FETCH", [b"* 1 FETCH (UID 7 FLAGS (\\Seen))", b"{tag} OK done"]),
    ("FETCH 1", [b"* 1 FETCH (UID 7)", b"{tag} OK done"]),
    ("LIST", SENT_LISTED),
    ("STATUS", SENT_STATUS),
]


def _knows_an_answer(folder: Path, mailbox: str = "Sent") -> None:
    """An answer of ours that an earlier run saw."""
    key = MailboxKey(account=SourceName("Support"), mailbox=mailbox, uidvalidity=5)
    ours = Mailer(name="Support", email="support@lab.test")
    at = datetime(2026, 11, 21, 10, tzinfo=UTC)
    answer = MessageSummary(
        account=key.account,
        message_id=MessageId("<answer@lab.test>"),
        address=MessageAddress(mailbox=mailbox, uidvalidity=5, uid=7),
        sender=ours,
        recipients=(),
        subject="Re: Question",
        preview="Soon.",
        sent_at=at,
        arrived_at=at,
        is_ours=True,
        is_sent_copy=mailbox == "Sent",
        is_seen=True,
    )
    cache = MailCacheWriter(folder / "mail.db")
    cache.store_rows(key, [place_row(answer, is_main=True)], uidnext=8)
    cache.close()


class Moods:
    """Gives the first answer for a while, and then the other."""

    def __init__(self, first: bytes, then: Answer) -> None:
        self._answer: Answer = [first]
        self._then = then
        self.times = 0

    def better(self) -> None:
        self._answer = self._then

    def __call__(self, peer: ImapPeer, tag: str) -> None:
        self.times += 1
        assert not callable(self._answer)
        peer.send(*(line.replace(b"{tag}", tag.encode()) for line in self._answer))


BUSY = [
    b"{tag} NO [INUSE] Mailbox is locked",
    b"{tag} NO [UNAVAILABLE] Backend does not exist at the moment",
    b"{tag} NO Mailbox does not exist",
]


@pytest.mark.parametrize("refusal", BUSY)
def test_a_mailbox_that_cannot_be_asked_now_is_asked_again(refusal: bytes, tmp_path: Path) -> None:
    """Also where the words say that it is missing, while the server lists it."""
    _knows_an_answer(tmp_path)
    status = Moods(refusal, SENT_STATUS)
    with (
        ImapServer([("STATUS", status), *SENT_ANSWERS]) as server,
        Account(settings_for(server.port), tmp_path) as account,
    ):
        account.log.wait_for(lambda: bool(account.log.problem), "the refusal", 30)
        wait_until(lambda: status.times > 3, seconds=30, what="more tries")
        assert account.log.health is not None
        assert account.log.health.hearing is Hearing.LISTENING
        status.better()
        account.log.wait_for(
            lambda: any(one.mailbox == "Sent" for one in account.log.of(MailboxOpened)), "Sent", 30
        )
        account.log.wait_for(lambda: not account.log.problem, "the end of the problem", 30)
        assert account.log.of(MessageGone) == []
        assert server.connections == 1


def test_a_mailbox_that_somebody_has_locked_is_named_without_alarm(tmp_path: Path) -> None:
    """RFC 5530: INUSE is a lock of somebody else, and no limit of connections."""
    _knows_an_answer(tmp_path)
    with (
        ImapServer([("STATUS", [BUSY[0]]), *SENT_ANSWERS]) as server,
        Account(settings_for(server.port), tmp_path) as account,
    ):
        account.log.wait_for(lambda: bool(account.log.problem), "the refusal", 30)
        health = account.log.health
        assert health is not None
        assert health.hearing is Hearing.LISTENING
        assert health.problem is not None
        assert health.problem.title == (
            "127.0.0.1 has the mailbox “Sent” locked for somebody else at the moment"
        )
        assert "looks again by itself" in health.problem.advice
        assert not health.problem.is_for_founder


def test_a_text_in_a_mailbox_that_cannot_be_asked_now_is_answered(tmp_path: Path) -> None:
    _knows_an_answer(tmp_path)
    status: tuple[str, Answer] = ("STATUS", [BUSY[0]])
    with (
        ImapServer([status, *SENT_ANSWERS]) as server,
        Account(settings_for(server.port), tmp_path) as account,
    ):
        account.log.wait_for(lambda: bool(account.log.problem), "the refusal", 30)
        account.worker.fetch_text(MessageId("<answer@lab.test>"))
        account.log.wait_for(lambda: bool(account.log.of(MessageTextFetched)), "an answer", 30)
    (told,) = account.log.of(MessageTextFetched)
    assert told.problem == "The server does not open the mailbox “Sent” at the moment."


def test_sent_is_kept_while_the_server_cannot_say_which_it_is(tmp_path: Path) -> None:
    _knows_an_answer(tmp_path)
    listed = Moods(b"{tag} NO [UNAVAILABLE] Try again", SENT_LISTED)
    with (
        ImapServer([("LIST", listed), *SENT_ANSWERS]) as server,
        Account(settings_for(server.port), tmp_path) as account,
    ):
        account.log.wait_for(
            lambda: any(one.mailbox == "Sent" for one in account.log.of(MailboxOpened)), "Sent", 30
        )
        wait_until(lambda: listed.times > 2, seconds=30, what="more tries")
        listed.better()
        wait_until(lambda: listed.times > 3, seconds=30, what="the answer")
        asked = listed.times
        before = server.command_count
        wait_until(lambda: server.command_count > before + 6, seconds=30, what="some rounds")
        assert listed.times <= asked + 1
        assert account.log.of(MessageGone) == []


def test_sent_that_becomes_known_later_is_watched(tmp_path: Path) -> None:
    listed = Moods(b"{tag} NO [UNAVAILABLE] Try again", SENT_LISTED)
    with (
        ImapServer([("LIST", listed), *SENT_ANSWERS]) as server,
        Account(settings_for(server.port), tmp_path) as account,
    ):
        wait_until(lambda: listed.times > 1, seconds=30, what="more tries")
        assert [one.mailbox for one in account.log.of(MailboxOpened)] == ["INBOX"]
        listed.better()
        account.log.wait_for(
            lambda: any(one.mailbox == "Sent" for one in account.log.of(MailboxOpened)), "Sent", 30
        )


@pytest.mark.parametrize(
    "answers",
    [
        [("STATUS", [b"{tag} NO [NONEXISTENT] Unknown Mailbox"])],
        [("LIST", [b'* LIST () "/" "INBOX"', b"{tag} OK done"])],
        [
            ('LIST "" "Sent"', [b"{tag} OK done"]),
            ("STATUS", [b"{tag} NO Mailbox does not exist"]),
        ],
        [
            ('LIST "" "Sent"', [b'* LIST (\\Noselect) "/" "Sent"', b"{tag} OK done"]),
            ("STATUS", [b"{tag} NO Mailbox does not exist"]),
        ],
    ],
    ids=["nonexistent", "unlisted", "words and unlisted", "words and unreal"],
)
def test_what_the_server_says_is_not_there_is_forgotten(
    answers: list[tuple[str, Answer]], tmp_path: Path
) -> None:
    _knows_an_answer(tmp_path)
    with (
        ImapServer([*answers, *SENT_ANSWERS]) as server,
        Account(settings_for(server.port), tmp_path) as account,
    ):
        account.log.wait_for(lambda: bool(account.log.of(MessageGone)), "the loss", 30)


def test_what_the_settings_name_no_more_is_forgotten_whatever_the_server_says(
    tmp_path: Path,
) -> None:
    _knows_an_answer(tmp_path, "Lifted")
    refused: list[tuple[str, Answer]] = [("LIST", [BUSY[0]]), ("STATUS", [BUSY[0]])]
    with (
        ImapServer(refused) as server,
        Account(settings_for(server.port), tmp_path) as account,
    ):
        account.log.wait_for(lambda: bool(account.log.of(MessageGone)), "the loss", 30)


def test_what_a_server_wants_its_user_to_read_is_shown(tmp_path: Path) -> None:
    told: Answer = [b"+ ", b"<", b"* OK [ALERT] Mailbox is nearly\x00 full", b"{tag} OK in"]
    later: Answer = [b"* NO [ALERT] Password expires tomorrow", b"{tag} OK done"]
    with (
        ImapServer([("AUTHENTICATE", told), ("NOOP", later)]) as server,
        Account(settings_for(server.port), tmp_path) as account,
    ):
        health = account.log.wait_until(Hearing.LISTENING)
        assert health.problem is not None
        assert health.problem.title == "127.0.0.1 has a message for you"
        assert health.problem.advice == "“Mailbox is nearly full”"
        account.log.wait_for(
            lambda: "tomorrow" in str(account.log.health and account.log.health.problem), "news"
        )
        assert account.log.health is not None
        assert account.log.health.hearing is Hearing.LISTENING


def test_names_of_mailboxes_no_standard_foresaw(tmp_path: Path) -> None:
    answers: list[tuple[str, Answer]] = [
        (
            "LIST",
            [
                b'* LIST () "/" "R&D&abc"',
                b'* LIST () "/" "\xc3\x9cbung"',
                b'* LIST (\\Sent) "/" "Ge&-sendet"',
                b"{tag} OK done",
            ],
        ),
    ]
    with ImapServer(answers) as server, Account(settings_for(server.port), tmp_path) as account:
        account.log.wait_until(Hearing.LISTENING)
        wait_until(
            lambda: [line for line in server.lines if line.startswith('STATUS "Ge&-sendet"')],
            seconds=5,
            what="a look at Sent",
        )


def test_wrong_kinds_of_commands_cannot_be_sent() -> None:
    waker = Waker()
    with ImapServer() as server:
        transport = Transport(waker, SystemClock(), lambda: False)
        transport.connect("127.0.0.1", server.port)
        link = ImapLink(transport, settings_for(server.port), 5)
        for command in (
            "STORE 1 +FLAGS (\\Seen)",
            "SELECT INBOX",
            "UID FETCH 1 (BODY[])",
            "EXPUNGE",
        ):
            with pytest.raises(ValueError, match="trace"):
                link.run(command, lambda response: None)
        link.close()
    waker.close()


def test_every_host_address_is_tried() -> None:
    """localhost is ::1 first on many machines, and mail servers listen on 127.0.0.1."""
    with ImapServer() as server:
        assert try_connection(settings_for(server.port, host="localhost"), "secret")
