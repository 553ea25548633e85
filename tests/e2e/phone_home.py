"""A home whose one phone system is an Asterisk on this computer."""

from pathlib import Path

from tests.e2e.running import make_home
from tests.lab.asterisk_conf import SECRET
from tests.lab.phone import AMI_USER


def phone_home(
    folder: Path, port: int, *, user: str = AMI_USER, founder: str = "PJSIP/100", more: str = ""
) -> Path:
    """Write it; `more` is what else its settings.toml says."""
    settings = f"""
[[phone]]
name = "Office"
kind = "asterisk"
host = "127.0.0.1"
port = {port}
user = "{user}"
queues = ["support"]
founder = "{founder}"

{more}
"""
    return make_home(folder, settings, {"phone/Office": SECRET})
