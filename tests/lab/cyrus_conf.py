"""The configuration of the lab's Cyrus 3.6, which runs as an ordinary user."""

from dataclasses import dataclass
from pathlib import Path

REALM = "localhost"
ADMIN = "cyrus"


@dataclass(frozen=True, slots=True, kw_only=True)
class CyrusSettings:
    """Where things are, who runs it and on which ports."""

    folder: Path
    programs: Path
    user_name: str
    group_name: str
    imap_port: int
    lmtp_port: int

    @property
    def imapd_conf(self) -> Path:
        return self.folder / "imapd.conf"


def imapd_conf(settings: CyrusSettings) -> str:
    folder = settings.folder
    return f"""
servername: {REALM}
configdirectory: {folder}/conf
partition-default: {folder}/spool
defaultpartition: default
admins: {ADMIN}
cyrus_user: {settings.user_name}
cyrus_group: {settings.group_name}
allowplaintext: yes
sasl_pwcheck_method: auxprop
sasl_auxprop_plugin: sasldb
sasl_sasldb_path: {folder}/sasldb2
sasl_mech_list: PLAIN LOGIN
unixhierarchysep: yes
virtdomains: off
altnamespace: yes
idlesocket: {folder}/conf/socket/idle
lmtpsocket: {folder}/conf/socket/lmtp
duplicatesuppression: no
imapidlepoll: 1
conversations: 0
"""


def cyrus_conf(settings: CyrusSettings) -> str:
    def command(program: str, *arguments: str) -> str:
        words = [f"{settings.programs}/{program}", "-C", str(settings.imapd_conf), *arguments]
        return f'cmd="{" ".join(words)}"'

    return f"""
START {{
  recover {command("ctl_cyrusdb", "-r")}
}}
SERVICES {{
  imap {command("imapd", "-U", "30")} listen="127.0.0.1:{settings.imap_port}" prefork=1
  lmtp {command("lmtpd", "-a")} listen="127.0.0.1:{settings.lmtp_port}" prefork=1
}}
DAEMON {{
  idled {command("idled")}
}}
"""
