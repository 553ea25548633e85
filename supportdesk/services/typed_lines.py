"""Words on their way to be kept: each pause of typing puts them on the disk, as far as they are.

What a run was killed over is there in the next one, and offered where it was typed.
"""

from collections.abc import Callable
from dataclasses import replace

from supportdesk.domain.voices import TypedLine
from supportdesk.services.lessons import contact_of
from supportdesk.services.voice_store import VoiceStore


class TypedLines:
    """One for each quote, lesson and note beside a quote. What writes raises StoreError."""

    def __init__(self, store: VoiceStore, normalise: Callable[[str], str] = str) -> None:
        """`normalise`: a number in one normal form; "" for a withheld one."""
        self._store = store
        self._normalise = normalise
        self._known: dict[str, TypedLine] | None = None

    def read_again(self) -> None:
        """What desk.db holds was changed behind our back: it is read at the next question."""
        self._known = None

    def all(self) -> tuple[TypedLine, ...]:
        """Those that were typed first come first."""
        return tuple(sorted(self._lines.values(), key=lambda one: (one.at, one.key)))

    def line(self, key: str) -> TypedLine | None:
        return self._lines.get(key)

    def keep(self, line: TypedLine) -> None:
        """These words so far, in place of those before."""
        known = self._lines
        line = replace(line, contact=contact_of(line.contact, self._normalise))
        self._store.save_typed_line(line)
        known[line.key] = line

    def drop(self, key: str) -> None:
        """They are kept for good, or not wanted."""
        if key in self._lines:
            self._store.remove_typed_line(key)
            del self._lines[key]

    @property
    def _lines(self) -> dict[str, TypedLine]:
        if self._known is None:
            self._known = {line.key: line for line in self._store.typed_lines()}
        return self._known
