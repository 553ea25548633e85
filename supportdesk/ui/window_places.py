"""Where the window stood and how large it was, for each arrangement of screens.

A laptop that is taken from its desk and put back finds the window where it was both times.
"""

import base64
import json
from collections.abc import Callable

from PySide6.QtGui import QGuiApplication

_MOST = 12


def arrangement_of_screens() -> str:
    """The screens that are there, where they stand to one another, and how fine they are."""
    found = []
    for screen in QGuiApplication.screens():
        box, fineness = screen.geometry(), screen.devicePixelRatio()
        size, place = f"{box.width()}x{box.height()}", f"{box.x()}+{box.y()}"
        found.append(f"{screen.name()} {size}+{place} {fineness:g}")
    return "; ".join(sorted(found))


class WindowPlaces:
    """Geometries as Qt writes them, by arrangement, the one that was kept last at the end."""

    def __init__(
        self,
        load: Callable[[], bytes],
        save: Callable[[bytes], None],
        arrangement: Callable[[], str] = arrangement_of_screens,
    ) -> None:
        self._save = save
        self._arrangement = arrangement
        self._places = _read(load())
        self._given_for = ""

    def geometry(self) -> bytes:
        """For the screens of now, else the one that was kept last; Qt brings it into sight."""
        self._given_for = self._arrangement()
        newest = next(reversed(self._places.values()), b"")
        return self._places.get(self._given_for, newest)

    def is_other_arrangement(self) -> bool:
        """Other screens are there than when the geometry was asked for or kept."""
        return self._arrangement() != self._given_for

    def keep(self, geometry: bytes) -> None:
        """The window stands so on the screens of now."""
        self._given_for = self._arrangement()
        self._places.pop(self._given_for, None)
        self._places[self._given_for] = geometry
        while len(self._places) > _MOST:
            del self._places[next(iter(self._places))]
        kept = {name: base64.b64encode(one).decode() for name, one in self._places.items()}
        self._save(json.dumps(kept).encode())


def _read(text: bytes) -> dict[str, bytes]:
    """A file that is not ours, or was written before there were arrangements, is one place."""
    try:
        kept = json.loads(text)
        return {str(name): base64.b64decode(one, validate=True) for name, one in kept.items()}
    except (ValueError, AttributeError, TypeError):
        return {"": text} if text else {}
