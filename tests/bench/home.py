"""A home of supportdesk with one account on the lab's Dovecot; the password comes by credential."""

import os
import sys
from pathlib import Path

from tests.e2e import running
from tests.lab.mail import PASSWORD, DovecotLab

SUPPORTDESK = (sys.executable, "-m", "supportdesk")


def make_home(folder: Path, lab: DovecotLab, address: str) -> dict[str, str]:
    """Write settings and secret; return the environment that names them."""
    home = running.make_home(folder, mail_settings(lab, address), {"mail/Support": PASSWORD})
    return environment_of(home)


def mail_settings(lab: DovecotLab, address: str) -> str:
    """The account `Support` as settings.toml names it."""
    return (
        "[[mail]]\n"
        'name = "Support"\n'
        f'address = "{address}"\n'
        'host = "localhost"\n'
        f"port = {lab.imaps_port}\n"
        f'ca_file = "{lab.ca_file}"\n'
        f'user = "{address}"\n'
    )


def environment_of(home: Path) -> dict[str, str]:
    """Of a run on this home, on the display and the desktop that there are."""
    return os.environ | running.environment(home)
