"""Pictures of promises: the real app on the practice desk, where two are made in notes."""

from pathlib import Path
from typing import Final

from tests.e2e.desktop_app import DesktopApp
from tests.e2e.practice_morning import PracticeMorning
from tests.lab.camera import Camera
from tests.lab.desktop import DesktopLab
from tests.lab.looks import open_window, take_in_looks

_ASIDE: Final = ("1500", "860")
_TO_TOP: Final = ("mousemove", "360", "500", "click", "--repeat", "20", "4")
_LOOKS: Final = (("light", 1), ("dark", 1), ("light", 2))


class PromiseStates:
    """One that is due tomorrow, on the card of its person; then one that is due, in the list."""

    def __init__(self, lab: DesktopLab, folder: Path, scratch: Path) -> None:
        self._lab = lab
        self._camera = Camera(lab, folder)
        self._scratch = scratch

    def take_all(self) -> None:
        with (
            PracticeMorning(self._scratch / "promises") as morning,
            DesktopApp(self._lab, morning.home) as app,
        ):
            app.wait_until_listening("Support", "Office")
            open_window(app)
            # It is due by the time that the other one has been photographed.
            self._promise("Deirdre Walsh, ", "I'll call her about the totals in 1 min !")
            self._promise("Backhaus Linde, ", "I'll send it anew tomorrow !")
            self._take(app, "promise")
            self._open("Deirdre Walsh, ")
            self._camera.starting_with("push button", "Open Promise due since")
            self._lab.press("x")
            self._camera.starting_with("push button", "1 promise due")
            self._lab.exec("xdotool", *_TO_TOP)
            self._take(app, "promise-due")

    def _promise(self, who: str, words: str) -> None:
        """In a note of this conversation."""
        self._open(who)
        self._lab.press("n")
        self._camera.settle()
        self._lab.type(words)
        self._lab.press("Return")
        self._camera.starting_with("push button", "Open Promise due")

    def _open(self, who: str) -> None:
        self._lab.click(*self._camera.starting_with("list item", who).centre)
        self._camera.settle()

    def _take(self, app: DesktopApp, name: str) -> None:
        # Beside the window, so that nothing is hovered.
        self._lab.exec("xdotool", "mousemove", *_ASIDE)
        self._camera.settle()
        take_in_looks(app, self._camera, name, _LOOKS)
