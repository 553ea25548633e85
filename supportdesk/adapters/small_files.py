"""What is remembered in a file of its own: where windows stood, and what was said once."""

import logging
from pathlib import Path

_log = logging.getLogger(__name__)


class SmallFiles:
    """One file for each name in this folder; losing one costs nothing but a place on a screen."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def load(self, name: str) -> bytes:
        """Empty when there is none, or it cannot be read."""
        try:
            return (self._folder / name).read_bytes()
        except OSError:
            return b""

    def save(self, name: str, content: bytes) -> None:
        """A disk that does not take it is noted, and nothing else."""
        try:
            (self._folder / name).write_bytes(content)
        except OSError as error:
            _log.info("%s was not kept: %s", name, error)
