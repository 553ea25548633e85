"""Passwords: from systemd credentials or the system's key store, never from a file of ours."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Generic, TypeVar

from supportdesk.domain.errors import Problem, SecretsUnavailable

if TYPE_CHECKING:
    from supportdesk.adapters.key_store import KeyStore

T = TypeVar("T")

_ANSWER_SECONDS = 5.0
_PROMPT_SECONDS = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class SecretsDiagnosis:
    """How the key store does, for `doctor` and the "Is it working?" page.

    Attributes:
        store: Its name; empty when there is none.
        words: One or two sentences.
        for_now: Names of the secrets that this run alone remembers.
    """

    store: str
    is_working: bool
    words: str
    for_now: tuple[str, ...] = ()
    problem: Problem | None = None


class KeyringSecrets:
    """SecretStore port on keyring. Blocks for some seconds at most, longer only for a prompt."""

    def __init__(
        self,
        credentials_dir: Path | None = None,
        *,
        answer_seconds: float = _ANSWER_SECONDS,
        prompt_seconds: float = _PROMPT_SECONDS,
    ) -> None:
        """Name the folder of CREDENTIALS_DIRECTORY, if there is one (systemd.exec, Credentials)."""
        self._credentials_dir = credentials_dir
        self._answer_seconds = answer_seconds
        self._prompt_seconds = prompt_seconds
        self._for_now: dict[str, str] = {}
        self._one_at_a_time = threading.Lock()
        self._hanging: threading.Thread | None = None

    def get(self, name: str) -> str | None:
        credential = self._credential(name)
        if credential is not None:
            return credential
        if name in self._for_now:
            return self._for_now[name]
        try:
            return self._ask(lambda store: store.get(name))
        except SecretsUnavailable as error:
            if self._credentials_dir is None:
                raise
            raise _no_credential(self._credentials_dir / _file_name(name), error) from error

    def set(self, name: str, secret: str) -> None:
        self._ask(lambda store: store.set(name, secret))
        self._for_now.pop(name, None)

    def clear(self, name: str) -> None:
        self._for_now.pop(name, None)
        self._ask(lambda store: store.clear(name))

    def remember_for_now(self, name: str, secret: str) -> None:
        """Keep it in memory until the program ends, for want of a key store; tell the founder."""
        self._for_now[name] = secret

    def diagnose(self) -> SecretsDiagnosis:
        """Look at the key store without opening it: no prompt appears."""
        for_now = tuple(sorted(self._for_now))
        try:
            store, state = self._ask(lambda found: (found.name, found.state().value))
        except SecretsUnavailable as error:
            return SecretsDiagnosis(
                store="",
                is_working=False,
                words=f"{error.title}. {error.advice}",
                for_now=for_now,
                problem=error.problem,
            )
        words = f"{store} answers; it is {state}."
        if state.startswith("no "):
            words = f"{store} answers; {state}."
        return SecretsDiagnosis(store=store, is_working=True, words=words, for_now=for_now)

    def _credential(self, name: str) -> str | None:
        """A file `mail.Support` for `mail/Support`; no name leads out of the folder."""
        if self._credentials_dir is None:
            return None
        path = self._credentials_dir / _file_name(name)
        try:
            return path.read_text(encoding="utf-8").removesuffix("\n")
        except FileNotFoundError:
            return None
        except (OSError, UnicodeDecodeError) as error:
            raise SecretsUnavailable(
                f"The credential {path.name} of this service cannot be read",
                f"It is {path}: it has to be readable for this user, and UTF-8 text.",
            ) from error

    def _ask(self, question: "Callable[[KeyStore], T]") -> T:
        """Ask the store in a worker; give up waiting, and say so, when no answer comes."""
        if not self._one_at_a_time.acquire(timeout=self._prompt_seconds):
            raise self._no_answer()
        try:
            if self._hanging is not None and self._hanging.is_alive():
                raise self._no_answer()
            inquiry = _Inquiry(question)
            worker = threading.Thread(target=inquiry.run, name="key store", daemon=True)
            worker.start()
            if not inquiry.done.wait(self._answer_seconds) and inquiry.prompting.is_set():
                inquiry.done.wait(self._prompt_seconds - self._answer_seconds)
            if inquiry.done.is_set():
                return inquiry.result()
            self._hanging = worker
        finally:
            self._one_at_a_time.release()
        if inquiry.prompting.is_set():
            raise SecretsUnavailable(
                "The key store is locked, and nobody has unlocked it",
                "Answer its question, usually with your login password, and retry.",
            )
        raise self._no_answer()

    def _no_answer(self) -> SecretsUnavailable:
        return SecretsUnavailable(
            "The key store does not answer",
            "Start it again (GNOME Keyring, KWallet or KeePassXC), or log out and in, and retry.",
        )


def _file_name(name: str) -> str:
    """No name leads out of the folder of credentials."""
    return name.replace("/", ".")


def _no_credential(path: Path, error: SecretsUnavailable) -> SecretsUnavailable:
    """A service that gets its passwords from systemd seldom has a key store as well."""
    why = error.title[:1].lower() + error.title[1:]
    return SecretsUnavailable(
        f"There is no credential {path.name}",
        f"Name it in the unit of this service, as LoadCredential={path.name}:FILE, and restart it."
        f" It is not in {path.parent}, and {why}.",
    )


class _Inquiry(Generic[T]):
    """One question to the key store, asked by a worker thread."""

    def __init__(self, question: "Callable[[KeyStore], T]") -> None:
        self.done = threading.Event()
        self.prompting = threading.Event()
        self._question = question
        self._answers: list[T] = []
        self._error: Exception | None = None

    def run(self) -> None:
        from supportdesk.adapters import key_store

        try:
            self._answers.append(self._question(key_store.find_store(self.prompting.set)))
        except Exception as error:  # noqa: BLE001 - it is raised again where the answer is awaited
            self._error = key_store.unavailable(error) or error
        self.done.set()

    def result(self) -> T:
        if self._error is not None:
            raise self._error
        return self._answers[0]
