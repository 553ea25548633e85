"""Mail accounts and phones that cannot work, each for one reason, and what the founder reads."""

import json
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.e2e.bad_servers import TalkingServer, web_server
from tests.lab.asterisk_conf import SECRET
from tests.lab.certificates import LabAuthority
from tests.lab.mail import PASSWORD, DovecotLab
from tests.lab.phone import AMI_USER, AsteriskLab
from tests.lab.waiting import free_port

IMAP_HELLO = b"* OK IMAP4rev1 ready\r\n"
GARBAGE = bytes(range(256)) * 8 + b"\r\n\r\n"


Table = Mapping[str, str | int | bool | list[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """One source of the settings.

    Attributes:
        title: The whole title of its problem.
        next_step: Words that its advice must have.
        secret: None keeps its password from it.
        is_heard: It works, but not all of it.
    """

    name: str
    kind: str
    table: Table
    title: str
    next_step: str
    secret: str | None
    is_heard: bool = False

    @property
    def secret_name(self) -> str:
        return f"{self.kind}/{self.name}"

    @property
    def needs_only_a_secret(self) -> bool:
        return self.secret not in (PASSWORD, SECRET)

    @property
    def alert_key(self) -> str:
        return f"{'limits' if self.is_heard else 'health'}/{self.name}"


def as_toml(source: Broken) -> str:
    return table_as_toml(source.kind, source.name, source.table)


def table_as_toml(kind: str, name: str, table: Table) -> str:
    """A [[mail]] or [[phone]] table; JSON writes these values as TOML does."""
    values = {"name": name, **table}
    lines = [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in values.items()]
    return "\n".join([f"[[{kind}]]", *lines, ""])


def good_mail(dovecot: DovecotLab, user: str) -> Table:
    return {
        "address": user,
        "host": "localhost",
        "port": dovecot.imaps_port,
        "user": user,
        "ca_file": str(dovecot.ca_file),
    }


def good_phone(pbx: AsteriskLab) -> Table:
    return {
        "kind": "asterisk",
        "host": "127.0.0.1",
        "port": pbx.ami_port,
        "user": AMI_USER,
        "queues": ["support"],
        "founder": "PJSIP/100",
    }


@contextmanager
def broken_sources(
    dovecot: DovecotLab, pbx: AsteriskLab, user: str, folder: Path
) -> Iterator[list[Broken]]:
    """All of them, while their servers run."""
    folder.mkdir()
    authority = LabAuthority(folder)
    expired = authority.issue_expired("expired")
    elsewhere = authority.issue("elsewhere", names=["mail.elsewhere.example"])
    ca_file = str(authority.ca_file)
    nobody = free_port()
    with ExitStack() as stack:
        old = stack.enter_context(TalkingServer(IMAP_HELLO, certificate=expired)).port
        other = stack.enter_context(TalkingServer(IMAP_HELLO, certificate=elsewhere)).port
        garbage = stack.enter_context(TalkingServer(GARBAGE)).port
        web = stack.enter_context(web_server())
        mail = good_mail(dovecot, user)
        phone = good_phone(pbx)
        plain = {"security": "none", "ca_file": "", "host": "127.0.0.1"}

        def broken_mail(
            name: str,
            title: str,
            next_step: str,
            *,
            secret: str | None = PASSWORD,
            **change: str | int,
        ) -> Broken:
            return Broken(
                name=name,
                kind="mail",
                table={**mail, **change},
                title=title,
                next_step=next_step,
                secret=secret,
            )

        def broken_phone(
            name: str,
            title: str,
            next_step: str,
            *,
            secret: str | None = SECRET,
            is_heard: bool = False,
            **change: str | int | list[str],
        ) -> Broken:
            return Broken(
                name=name,
                kind="phone",
                table={**phone, **change},
                title=title,
                next_step=next_step,
                secret=secret,
                is_heard=is_heard,
            )

        yield [
            broken_mail(
                "Wrong password",
                f"localhost refused user or password of {user}",
                "Enter the password again",
                secret="not the password",
            ),
            broken_mail(
                "No password",
                "There is no credential mail.No password",
                "Name it in the unit of this service",
                secret=None,
            ),
            broken_mail(
                "Unknown authority",
                "The certificate of localhost is from an authority this computer does not know",
                "name its CA file",
                ca_file="",
            ),
            broken_mail(
                "Expired",
                "The certificate of localhost has expired",
                "has to renew it",
                port=old,
                ca_file=ca_file,
            ),
            broken_mail(
                "Other name",
                "The certificate of localhost belongs to another host name",
                "Enter the host name that your mail provider gives",
                port=other,
                ca_file=ca_file,
            ),
            broken_mail(
                "No such host",
                "The mail server imap.supportdesk.invalid cannot be found",
                "Check the host name",
                host="imap.supportdesk.invalid",
            ),
            broken_mail(
                "Refused",
                f"Nothing answers at localhost, port {nobody}",
                "Check host and port",
                port=nobody,
            ),
            broken_mail(
                "Phone port",
                f"Port {pbx.ami_port} of 127.0.0.1 speaks to phones (Asterisk), not to mail",
                "usually port 993",
                port=pbx.ami_port,
                **plain,
            ),
            broken_mail(
                "Phone port with TLS",
                f"Port {pbx.ami_port} of localhost does not speak TLS",
                "Use port 993",
                port=pbx.ami_port,
            ),
            broken_mail(
                "Web port", f"Port {web} of localhost does not speak TLS", "Use port 993", port=web
            ),
            broken_mail(
                "Garbage mail",
                f"Port {garbage} of 127.0.0.1 does not speak IMAP",
                "usually port 993",
                port=garbage,
                **plain,
            ),
            broken_mail(
                "No mailbox",
                f"There is no mailbox “Inbux” in {user} at localhost",
                "most accounts call it INBOX",
                mailbox="Inbux",
            ),
            broken_phone(
                "Wrong secret",
                f"127.0.0.1:{pbx.ami_port} refuses the phone user “{AMI_USER}”"
                " (Authentication failed)",
                "Check user and secret",
                secret="not the secret",
            ),
            broken_phone(
                "No secret",
                "There is no credential phone.No secret",
                "Name it in the unit of this service",
                secret=None,
            ),
            broken_phone(
                "Refused phone",
                f"The phone system 127.0.0.1:{nobody} refuses the connection",
                "manager.conf",
                port=nobody,
            ),
            broken_phone(
                "No such PBX",
                "The phone system pbx.supportdesk.invalid cannot be found",
                "Check the host name",
                host="pbx.supportdesk.invalid",
                security="tls",
            ),
            broken_phone(
                "Mail port",
                f"127.0.0.1:{dovecot.imap_port} is not an Asterisk manager port:"
                " an IMAP mail server answers there",
                "AMI is 5038",
                port=dovecot.imap_port,
            ),
            broken_phone(
                "Web phone",
                f"127.0.0.1:{web} is not an Asterisk manager port: a web server answers there",
                "AMI is 5038",
                port=web,
            ),
            broken_phone(
                "Garbage phone",
                f"127.0.0.1:{garbage} is not an Asterisk manager port: it says “ !\"#$%&'”",
                "AMI is 5038",
                port=garbage,
            ),
            broken_phone(
                "Unknown PBX authority",
                "The certificate of 127.0.0.1 is from an authority this computer does not know",
                "name its CA file",
                port=pbx.ami_tls_port,
                security="tls",
            ),
            broken_phone(
                "Expired PBX",
                "The certificate of 127.0.0.1 has expired",
                "has to renew it",
                port=old,
                ca_file=ca_file,
                security="tls",
            ),
            broken_phone(
                "Other PBX name",
                "The certificate of 127.0.0.1 belongs to another host name",
                "Use the name",
                port=other,
                ca_file=ca_file,
                security="tls",
            ),
            broken_phone(
                "Plain to TLS",
                f"127.0.0.1:{pbx.ami_tls_port} closed the connection without a greeting",
                'security = "tls"',
                port=pbx.ami_tls_port,
            ),
            broken_phone(
                "TLS to plain",
                f"127.0.0.1:{pbx.ami_port} does not speak TLS",
                "port 5039",
                security="tls",
            ),
            broken_phone(
                "Few rights",
                f"The phone user “readonly” has too few rights on 127.0.0.1:{pbx.ami_port}",
                "In manager.conf add",
                user="readonly",
                is_heard=True,
            ),
            broken_phone(
                "No queue",
                f"The phone system 127.0.0.1:{pbx.ami_port} has no queue “suport”",
                "Correct `queues`",
                queues=["suport"],
                is_heard=True,
            ),
        ]
