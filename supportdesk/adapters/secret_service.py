"""What keyring does not do with the Secret Service: see whether it is locked, and unlock it."""

from contextlib import closing

import secretstorage
from jeepney import DBusErrorResponse  # type: ignore[import-untyped]  # it ships no types
from keyring.errors import KeyringLocked
from secretstorage.exceptions import (
    ItemNotFoundException,
    LockedException,
    PromptDismissedException,
    SecretServiceNotAvailableException,
    SecretStorageException,
)

LOCKED_ERRORS = (LockedException, PromptDismissedException)
STOPPED_ERRORS = (SecretServiceNotAvailableException,)
OTHER_ERRORS = (SecretStorageException, DBusErrorResponse)


def is_default_collection_locked() -> bool | None:
    """None when there is no default collection: making one shows a prompt."""
    with closing(secretstorage.dbus_init()) as bus:
        try:
            return bool(secretstorage.get_collection_by_alias(bus, "default").is_locked())
        except ItemNotFoundException:
            return None


def unlock_default_collection() -> None:
    """Show the prompt and wait for the founder. keyring leaves its connection open when refused."""
    with closing(secretstorage.dbus_init()) as bus:
        collection = secretstorage.get_collection_by_alias(bus, "default")
        if collection.unlock():
            raise KeyringLocked("the prompt was dismissed")
