"""Pictures of a lab desktop, taken once nothing is being painted any more."""

from pathlib import Path

from tests.lab.accessibility import Control, controls, find_control
from tests.lab.desktop import DesktopLab
from tests.lab.waiting import PATIENCE, is_soon, wait_until

_STILL_SECONDS = 4.0


class Camera:
    """Looks at one desktop and puts pictures of it into one folder."""

    def __init__(self, lab: DesktopLab, folder: Path) -> None:
        self._lab = lab
        self.folder = folder

    def starting_with(self, role: str, words: str) -> Control:
        """Wait until a control whose name begins so is showing."""

        def showing() -> Control | None:
            found = [node for node in controls(self._lab, role=role) if node.is_showing]
            return next((node for node in found if node.name.startswith(words)), None)

        control = wait_until(showing, seconds=120, what=f"{role} {words!r}")
        assert control is not None
        return control

    def settle(self) -> None:
        """Three pictures that are equal; where seconds tick, the patience ends."""
        pictures: list[str] = []

        def is_still() -> bool:
            shot = self._lab.exec("import", "-window", "root", "-format", "%#", "info:-")
            pictures.append(shot.stdout)
            return len(pictures) > 3 and len(set(pictures[-3:])) == 1

        is_soon(is_still, seconds=_STILL_SECONDS * PATIENCE)

    def take_window(self, title: str, name: str) -> None:
        x, y, width, height = find_control(self._lab, role="filler", name=title).box
        self.take(name, f"{width}x{height}+{x}+{y}")

    def take_dialog(self, title: str, name: str) -> None:
        """A window of its own, without its frame."""
        x, y, width, height = find_control(self._lab, role="dialog", name=title).box
        self.take(name, f"{width}x{height}+{x}+{y}")

    def take(self, name: str, geometry: str) -> None:
        """A part of the screen, as X11 writes it: 300x420+10+0."""
        target = self.folder / f"{name}.png"
        shot = self._lab.exec(
            *("import", "-window", "root", "-crop", geometry, "+repage", "-strip"),
            *("-dither", "None", "-colors", "255", "-define", "png:compression-level=9"),
            f"PNG8:{target}",
        )
        if shot.returncode != 0:
            raise RuntimeError(shot.stderr)
        print(f"{target} {target.stat().st_size // 1000} kB", flush=True)  # noqa: T201
