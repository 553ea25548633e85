"""`supportdesk hook token`: a new token for the hook's HTTP endpoint, shown this once."""

import os
import secrets
import sys

from supportdesk.adapters.phone.hook_door import TOKEN_NAMES
from supportdesk.adapters.places import Places
from supportdesk.adapters.secrets import KeyringSecrets
from supportdesk.adapters.settings_file import SettingsFile
from supportdesk.commands.secret import tell_running_app

_TOKEN_BYTES = 32


def run_hook_token() -> int:
    """Make a token, keep it in the key store and print it; one made before no longer opens."""
    settings = SettingsFile(Places.from_environment(os.environ).settings_path).load().settings
    name = TOKEN_NAMES[0]
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    KeyringSecrets().set(name, token)
    tell_running_app()
    print(token)
    print(f"Kept in the key store as {name}. It is not shown again.", file=sys.stderr)
    if not settings.hook.enabled:
        print(
            "The hook is off: write enabled = true under [hook] in settings.toml.", file=sys.stderr
        )
    return 0
