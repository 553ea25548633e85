"""`supportdesk secret set|clear NAME`: passwords into the key store, never into a file."""

import contextlib
import getpass
import os
import sys

from PySide6.QtCore import QCoreApplication

from supportdesk.adapters.desktop.single_instance import ask
from supportdesk.adapters.places import Places
from supportdesk.adapters.secrets import KeyringSecrets
from supportdesk.domain.errors import ConnectionLost, SecretsUnavailable


def run_secret(verb: str, name: str) -> int:
    """Read the secret from the terminal without echo, or from standard input; or forget it."""
    if name == "hook":
        name = "hook/token"  # in short
    if not _is_known(name):
        print(
            f"supportdesk: {name} is no name of a secret. Use mail/NAME, smtp/NAME, phone/NAME "
            "or hook/token, with the name from settings.toml.",
            file=sys.stderr,
        )
        return 2
    secrets = KeyringSecrets()
    if verb == "clear":
        secrets.clear(name)
        tell_running_app()
        return 0
    secret = _read_secret(name)
    if not secret:
        raise SecretsUnavailable(
            f"The secret for {name} is empty", "Nothing was changed. Type it and press Enter."
        )
    secrets.set(name, secret)
    tell_running_app()
    return 0


def tell_running_app() -> None:
    """A refused login is tried again only when somebody asks."""
    places = Places.from_environment(os.environ)
    _app = QCoreApplication(sys.argv[:1])  # Qt's sockets want one
    with contextlib.suppress(ConnectionLost):
        ask(places, {"verb": "check"})


def _is_known(name: str) -> bool:
    kind, _, source = name.partition("/")
    return name == "hook/token" or (kind in ("mail", "smtp", "phone") and bool(source))


def _read_secret(name: str) -> str:
    if sys.stdin.isatty():
        return getpass.getpass(f"Secret for {name}: ")
    return sys.stdin.readline().rstrip("\r\n")
