"""A keyring backend that keeps secrets in memory and misbehaves for some names."""

from typing import ClassVar

from keyring.backend import KeyringBackend
from keyring.errors import KeyringError, PasswordDeleteError


class MemoryKeyring(KeyringBackend):
    """Chosen by a test with PYTHON_KEYRING_BACKEND."""

    # keyring asks each backend class for it; below 1 it is not chosen by itself.
    priority: ClassVar[float] = 0.1
    kept: ClassVar[dict[tuple[str, str], str]] = {}

    def get_password(self, service: str, username: str) -> str | None:
        if username == "mail/Jammed":
            raise KeyringError("the safe is jammed")
        if username == "mail/Bug":
            raise ZeroDivisionError
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        if username != "mail/Forgetful":
            self.kept[(service, username)] = password

    def delete_password(self, service: str, username: str) -> None:
        if self.kept.pop((service, username), None) is None:
            raise PasswordDeleteError("no such password")
