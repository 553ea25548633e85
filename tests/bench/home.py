"""A home of supportdesk with one account on the lab's Dovecot; the password comes by credential."""

import os
import sys
from pathlib import Path

from tests.lab.mail import PASSWORD, DovecotLab

SUPPORTDESK = (sys.executable, "-m", "supportdesk")
_CHECKOUT = Path(__file__).parents[2]


def make_home(folder: Path, lab: DovecotLab, address: str) -> dict[str, str]:
    """Write settings and secret; return the environment that names them."""
    home, credentials = folder / "home", folder / "credentials"
    home.mkdir()
    credentials.mkdir()
    (home / "settings.toml").write_text(
        "[[mail]]\n"
        'name = "Support"\n'
        f'address = "{address}"\n'
        'host = "localhost"\n'
        f"port = {lab.imaps_port}\n"
        f'ca_file = "{lab.ca_file}"\n'
        f'user = "{address}"\n'
    )
    (credentials / "mail.Support").write_text(PASSWORD)
    return {
        **os.environ,
        "SUPPORTDESK_HOME": str(home),
        "CREDENTIALS_DIRECTORY": str(credentials),
        "PYTHONPATH": str(_CHECKOUT),
    }
