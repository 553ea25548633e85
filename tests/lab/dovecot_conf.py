"""The configuration of the lab's Dovecot 2.3, which runs as an ordinary user."""

from dataclasses import dataclass
from pathlib import Path

from tests.lab.certificates import ServerCertificate

TOKEN_KEY = b"supportdesk-lab-token-key-0123456789"


@dataclass(frozen=True, slots=True, kw_only=True)
class DovecotSettings:
    """Where things are, who runs it and on which ports."""

    folder: Path
    user_name: str
    group_name: str
    uid: int
    gid: int
    imap_port: int
    imaps_port: int
    lmtp_port: int
    submission_port: int
    submissions_port: int
    sink_port: int
    certificate: ServerCertificate
    idle_notify: str
    most_connections: int
    capability: str = ""
    most_mail_bytes: int = 0
    most_mailbox_bytes: int = 0
    delivers_by_detail: bool = False
    listen: str = "127.0.0.1"


def dovecot_conf(settings: DovecotSettings) -> str:
    return "\n".join(
        [
            _general(settings),
            _authentication(settings),
            _NAMESPACES.format(folder=settings.folder),
            _services(settings),
        ]
    )


def _general(settings: DovecotSettings) -> str:
    return f"""
base_dir = {settings.folder}/run
state_dir = {settings.folder}/state
log_path = {settings.folder}/dovecot.log
protocols = imap lmtp submission
listen = {settings.listen}
default_internal_user = {settings.user_name}
default_internal_group = {settings.group_name}
default_login_user = {settings.user_name}
ssl = yes
ssl_cert = <{settings.certificate.certificate}
ssl_key = <{settings.certificate.key}
ssl_min_protocol = TLSv1.2
mail_location = maildir:~/mail
mailbox_list_index = yes
first_valid_uid = 1
first_valid_gid = 1
imap_idle_notify_interval = {settings.idle_notify}
mail_max_userip_connections = {settings.most_connections}
submission_relay_host = 127.0.0.1
submission_relay_port = {settings.sink_port}
submission_relay_trusted = no
submission_max_mail_size = {settings.most_mail_bytes}
hostname = lab.test
"""


def _authentication(settings: DovecotSettings) -> str:
    return f"""
disable_plaintext_auth = no
auth_mechanisms = plain login xoauth2 oauthbearer
auth_username_format = %Lu
# A refused login answers at once; the growing penalty would slow down every later test.
auth_failure_delay = 0
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
passdb {{
  driver = passwd-file
  args = scheme=PLAIN username_format=%u {settings.folder}/users
  mechanisms = plain login
}}
passdb {{
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = {settings.folder}/oauth2.conf.ext
}}
userdb {{
  driver = static
  args = uid={settings.uid} gid={settings.gid} home={settings.folder}/home/%u allow_all_users=yes
}}
"""


_NAMESPACES = """
namespace inbox {{
  inbox = yes
  separator = /
  mailbox Sent {{
    auto = subscribe
    special_use = \\Sent
  }}
  mailbox Drafts {{
    auto = subscribe
    special_use = \\Drafts
  }}
  mailbox Archive {{
    auto = subscribe
    special_use = \\Archive
  }}
  mailbox Trash {{
    auto = subscribe
    special_use = \\Trash
  }}
  mailbox Junk {{
    auto = subscribe
    special_use = \\Junk
  }}
}}
# A folder the whole team shares; \\Seen is kept per person, as Dovecot and Cyrus do.
namespace team {{
  type = public
  separator = /
  prefix = Team/
  location = maildir:{folder}/team:INDEXPVT=~/team-private
  subscriptions = no
  list = yes
  mailbox Support {{
    auto = create
  }}
}}
"""


def _services(settings: DovecotSettings) -> str:
    return f"""
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {settings.imap_port}
  }}
  inet_listener imaps {{
    port = {settings.imaps_port}
    ssl = yes
  }}
}}
service submission-login {{
  chroot =
  inet_listener submission {{
    port = {settings.submission_port}
  }}
  inet_listener submissions {{
    port = {settings.submissions_port}
    ssl = yes
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    address = 127.0.0.1
    port = {settings.lmtp_port}
  }}
}}
service stats {{
  chroot =
}}
lmtp_save_to_detail_mailbox = {"yes" if settings.delivers_by_detail else "no"}
lda_mailbox_autocreate = yes
service imap {{
  process_limit = 100
}}
protocol imap {{
  {f"imap_capability = {settings.capability}" if settings.capability else ""}
  mail_plugins = imap_zlib zlib{" quota" if settings.most_mailbox_bytes else ""}
  rawlog_dir = {settings.folder}/rawlog
}}
plugin {{
  quota = maildir:User quota
  quota_rule = *:bytes={settings.most_mailbox_bytes}
}}
"""


def oauth2_conf(folder: Path) -> str:
    return (
        "introspection_mode = local\n"
        f"local_validation_key_dict = fs:posix:prefix={folder}/keys/\n"
        "username_attribute = sub\n"
    )
