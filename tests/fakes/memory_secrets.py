"""A key store in memory."""

import threading

from supportdesk.domain.errors import SecretsUnavailable


class MemorySecrets:
    """SecretStore; it may be away, or slow until `answers` is set."""

    def __init__(self, kept: dict[str, str] | None = None) -> None:
        self.kept = kept or {}
        self.is_there = True
        self.asked = 0
        self.answers = threading.Event()
        self.answers.set()

    def get(self, name: str) -> str | None:
        self.asked += 1
        self.answers.wait(300)
        if not self.is_there:
            raise SecretsUnavailable("There is no key store", "Start one.")
        return self.kept.get(name)

    def set(self, name: str, secret: str) -> None:
        self.kept[name] = secret

    def clear(self, name: str) -> None:
        self.kept.pop(name, None)
