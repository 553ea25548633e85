"""The system's key store, by way of keyring: choosing one that is safe, and asking it.

Everything here blocks, some of it for ever when a daemon hangs: `secrets` runs it in a worker
with a deadline. It is imported there too, for keyring and its cryptography take memory.
"""

import sys
from collections.abc import Callable
from enum import Enum

import keyring
from keyring.backend import KeyringBackend, get_all_keyring
from keyring.backends import SecretService, chainer, fail, null
from keyring.errors import InitError, KeyringError, KeyringLocked, PasswordDeleteError

from supportdesk.domain.errors import SecretsUnavailable

LOCKED_ERRORS: tuple[type[Exception], ...] = (KeyringLocked,)
STOPPED_ERRORS: tuple[type[Exception], ...] = (InitError,)
OTHER_ERRORS: tuple[type[Exception], ...] = (KeyringError,)

if sys.platform == "linux":
    from supportdesk.adapters import secret_service

    LOCKED_ERRORS += secret_service.LOCKED_ERRORS
    STOPPED_ERRORS += secret_service.STOPPED_ERRORS
    OTHER_ERRORS += secret_service.OTHER_ERRORS

SERVICE = "supportdesk"

_NOT_A_STORE = (fail.Keyring, null.Keyring, chainer.ChainerBackend)
_READABLE_ON_DISK = ("keyrings.alt.file",)
_NAMES = {
    "SecretService": "Secret Service (GNOME Keyring, KWallet or KeePassXC)",
    "libsecret": "Secret Service (GNOME Keyring, KWallet or KeePassXC)",
    "kwallet": "KWallet",
    "macOS": "macOS Keychain",
    "Windows": "Windows Credential Manager",
}


class StoreState(Enum):
    """What asking the store for a secret would meet."""

    OPEN = "open"
    LOCKED = "locked"
    NEW = "no secret was ever kept in it"


class KeyStore:
    """One key store that was found. It calls `prompting` before what may show a dialog."""

    def __init__(self, backend: KeyringBackend, prompting: Callable[[], None]) -> None:
        self._backend = backend
        self._prompting = prompting

    @property
    def name(self) -> str:
        module = type(self._backend).__module__.rpartition(".")[2]
        return _NAMES.get(module, str(self._backend.name))

    def state(self) -> StoreState:
        """Asked without opening anything. Only the Secret Service can be asked."""
        if sys.platform != "linux" or not isinstance(self._backend, SecretService.Keyring):
            return StoreState.OPEN
        is_locked = secret_service.is_default_collection_locked()
        if is_locked is None:
            return StoreState.NEW
        return StoreState.LOCKED if is_locked else StoreState.OPEN

    def get(self, name: str) -> str | None:
        state = self.state()
        if state is StoreState.NEW:
            return None  # asking keyring would let the founder choose a password for nothing
        self._unlock(state)
        return self._backend.get_password(SERVICE, name)

    def set(self, name: str, secret: str) -> None:
        self._unlock(self.state())
        self._backend.set_password(SERVICE, name, secret)
        if self._backend.get_password(SERVICE, name) != secret:
            raise SecretsUnavailable(
                "The key store took the password but did not keep it",
                f"It is {self.name}; look whether it may be written.",
            )

    def clear(self, name: str) -> None:
        state = self.state()
        if state is StoreState.NEW:
            return
        self._unlock(state)
        try:
            self._backend.delete_password(SERVICE, name)
        except PasswordDeleteError:
            if self._backend.get_password(SERVICE, name) is not None:
                raise

    def _unlock(self, state: StoreState) -> None:
        """A store that is new asks for a password of its own when the first secret is kept."""
        if state is not StoreState.OPEN:
            self._prompting()
        if sys.platform == "linux" and state is StoreState.LOCKED:
            secret_service.unlock_default_collection()


def find_store(prompting: Callable[[], None]) -> KeyStore:
    """The store that the user configured for keyring, else the best that runs now.

    keyring itself looks once and never again; a Secret Service that starts later is found here.
    """
    try:
        configured = keyring.core.load_env() or keyring.core.load_config()
    except (ImportError, AttributeError, ValueError, RuntimeError) as error:
        raise SecretsUnavailable(
            f"The key store that keyring is configured to use cannot be loaded: {error}",
            "Correct PYTHON_KEYRING_BACKEND or keyringrc.cfg, or remove it.",
        ) from error
    if configured is not None:
        best = configured if _keeps_secrets(configured) else None
    else:
        get_all_keyring()  # loads the modules of all stores, whether they run now or not
        viable = [found for found in _viable() if _keeps_secrets(found) and found.priority >= 1]
        best = max(viable, key=lambda found: float(found.priority), default=None)
    if best is None:
        raise SecretsUnavailable(
            "There is no key store on this computer",
            "Start GNOME Keyring, KWallet or KeePassXC with its Secret Service. "
            "Until then a password is kept for this run only.",
        )
    keyring.set_keyring(best)
    return KeyStore(best, prompting)


def _viable() -> list[KeyringBackend]:
    return [found() for found in KeyringBackend.get_viable_backends() if found not in _NOT_A_STORE]


def _keeps_secrets(backend: KeyringBackend) -> bool:
    """Neither a store that keeps nothing nor one that writes plain text to the disk."""
    return not isinstance(backend, _NOT_A_STORE) and not type(backend).__module__.startswith(
        _READABLE_ON_DISK
    )


def unavailable(error: Exception) -> SecretsUnavailable | None:
    """The founder's words for what a store raises; None for what is a bug of ours."""
    if isinstance(error, SecretsUnavailable):
        return error
    if isinstance(error, LOCKED_ERRORS):
        return SecretsUnavailable(
            "The key store is locked", "Unlock it, usually with your login password, and retry."
        )
    if isinstance(error, STOPPED_ERRORS):
        return SecretsUnavailable(
            "The key store has stopped", "Start it again, or log out and in, and retry."
        )
    if isinstance(error, OTHER_ERRORS):
        return SecretsUnavailable(
            f"The key store failed: {error}",
            "Look at it in its own program (Passwords and Keys, KWallet Manager), and retry.",
        )
    if isinstance(error, OSError | EOFError):
        return SecretsUnavailable(
            "The key store cannot be reached: the session bus is gone",
            "Log out and in again, and retry.",
        )
    return None
