"""A spell check that knows what a test tells it."""

from collections.abc import Callable, Iterable, Sequence


class FakeSpeller:
    """Implements `Speller`; its answers come when the test says so."""

    def __init__(self) -> None:
        self.mistakes: frozenset[str] = frozenset()
        self.is_on = False
        self.is_stopped = False
        self.asked: set[str] = set()
        self.wanted: list[tuple[str, Callable[[Sequence[str]], None]]] = []
        self._heard: Callable[[], None] = lambda: None
        self._failed: Callable[[str, str], None] = lambda _title, _advice: None

    def begin(self) -> None:
        self.is_on = True

    def end(self) -> None:
        self.is_on = False

    def stop(self) -> None:
        self.is_stopped = True

    def wrong(self, words: Iterable[str]) -> frozenset[str]:
        asked = frozenset(words)
        self.asked |= asked
        return asked & self.mistakes

    def suggest(self, word: str, then: Callable[[Sequence[str]], None]) -> None:
        self.wanted.append((word, then))

    def listen(self, heard: Callable[[], None], failed: Callable[[str, str], None]) -> None:
        self._heard, self._failed = heard, failed

    def learn(self, *mistakes: str) -> None:
        """These are wrong, as is known now."""
        self.mistakes = frozenset(mistakes)
        self._heard()

    def fail(self) -> None:
        self._failed("Spelling is not checked", "There is no dictionary.")
