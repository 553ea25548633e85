"""`supportdesk secret set|clear NAME`: passwords into the key store, never into a file."""

import getpass
import sys

from supportdesk.adapters.secrets import KeyringSecrets
from supportdesk.domain.errors import SecretsUnavailable


def run_secret(verb: str, name: str) -> int:
    """Read the secret from the terminal without echo, or from standard input; or forget it."""
    if not _is_known(name):
        print(
            f"supportdesk: {name} is no name of a secret. Use mail/NAME, smtp/NAME, phone/NAME "
            "or hook, with the name from settings.toml.",
            file=sys.stderr,
        )
        return 2
    secrets = KeyringSecrets()
    if verb == "clear":
        secrets.clear(name)
        return 0
    secret = _read_secret(name)
    if not secret:
        raise SecretsUnavailable(
            f"The secret for {name} is empty", "Nothing was changed. Type it and press Enter."
        )
    secrets.set(name, secret)
    return 0


def _is_known(name: str) -> bool:
    kind, _, source = name.partition("/")
    return name == "hook" or (kind in ("mail", "smtp", "phone") and bool(source))


def _read_secret(name: str) -> str:
    if sys.stdin.isatty():
        return getpass.getpass(f"Secret for {name}: ")
    return sys.stdin.readline().rstrip("\r\n")
