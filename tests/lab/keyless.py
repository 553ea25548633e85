"""A Dovecot whose inboxes keep no keywords, for nobody has the right to write flags there."""

from collections.abc import Iterator
from contextlib import contextmanager

from tests.lab.mail import DovecotLab

_CONF = """
protocol imap {{
  mail_plugins = acl
}}
plugin {{
  acl = vfile:{}
}}
"""


@contextmanager
def keyless_dovecot() -> Iterator[DovecotLab]:
    lab = DovecotLab()
    rights = lab.folder / "rights"
    rights.write_text("INBOX owner lrstipekxa\n")
    conf = lab.folder / "dovecot.conf"
    conf.write_text(f"{conf.read_text()}\n{_CONF.format(rights)}")
    for path in (rights, conf):
        path.chmod(0o644)
    lab.start()
    try:
        yield lab
    finally:
        lab.stop()
