"""Mail servers that cannot be used, or are none: each is named in words."""

import ssl
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from supportdesk.adapters.mail.connection_test import test_connection as try_connection
from supportdesk.domain.errors import (
    AuthRejected,
    CertificateRejected,
    ConnectionLost,
    PeerProtocolError,
    ServerBusy,
    SettingsError,
    SupportDeskError,
)
from supportdesk.domain.settings import MailAuth, MailSettings, Security
from tests.adapters.imap_account import settings_for
from tests.fakes.imap_server import Answer, ImapPeer, ImapServer
from tests.lab.certificates import LabAuthority, ServerCertificate
from tests.lab.waiting import free_port


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
        (b"BAD User is authenticated but not connected.", ServerBusy, "not open the mailbox"),
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


def test_every_host_address_is_tried() -> None:
    """localhost is ::1 first on many machines, and mail servers listen on 127.0.0.1."""
    with ImapServer() as server:
        assert try_connection(settings_for(server.port, host="localhost"), "secret")
