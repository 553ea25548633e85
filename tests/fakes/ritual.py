"""What the ritual asks of the outside of the window, recorded."""

from collections.abc import Callable
from typing import Protocol

from supportdesk.domain.errors import Problem
from tests.fakes.scroll_store import MemoryScrollStore


class Recorder(Protocol):
    """Who writes down what was asked."""

    asked: list[str]
    problem: Problem | None


class FakeRitual:
    """RitualActs that answer at once."""

    def __init__(self, acts: Recorder) -> None:
        self._acts = acts
        self.scroll_store = MemoryScrollStore()

    def export_quotes(self, folder: str, done: Callable[[str, Problem | None], None]) -> None:
        self._acts.asked.append(f"export quotes to {folder}")
        done(f"All kept words are in {folder}.", self._acts.problem)
