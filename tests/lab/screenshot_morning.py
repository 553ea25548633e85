"""Pictures of the morning scroll: the real app on the practice desk, a night of mail behind it."""

from pathlib import Path
from typing import Final

from tests.e2e.desktop_app import DesktopApp
from tests.e2e.practice_morning import MAILS, PracticeMorning
from tests.lab.accessibility import find_control
from tests.lab.camera import Camera
from tests.lab.desktop import DesktopLab
from tests.lab.looks import open_window, take_in_looks

_ASIDE: Final = ("1500", "860")
_LOOKS: Final = (("light", 1), ("dark", 1), ("light", 2))


class MorningStates:
    """One desktop; its beginning, and its end with words that were kept."""

    def __init__(self, lab: DesktopLab, folder: Path, scratch: Path) -> None:
        self._lab = lab
        self._camera = Camera(lab, folder)
        self._scratch = scratch

    def take_all(self) -> None:
        with (
            PracticeMorning(self._scratch / "morning") as morning,
            DesktopApp(self._lab, morning.home) as app,
        ):
            app.wait_until_listening("Support", "Office")
            open_window(app)
            self._lab.press("M")
            find_control(self._lab, role="label", name=f"1 of {MAILS}", seconds=60)
            self._take(app, "morning-beginning", _LOOKS[:2])
            for place in range(2, MAILS + 1):
                self._lab.press("space")
                find_control(self._lab, role="label", name=f"{place} of {MAILS}", seconds=60)
            self._lab.press("q", "q")
            find_control(self._lab, role="label", name="Kept, felt", seconds=60)
            self._take(app, "morning", _LOOKS)

    def _take(self, app: DesktopApp, name: str, looks: tuple[tuple[str, int], ...]) -> None:
        # Beside the window, so that nothing is hovered.
        self._lab.exec("xdotool", "mousemove", *_ASIDE)
        self._camera.settle()
        take_in_looks(app, self._camera, name, looks)
