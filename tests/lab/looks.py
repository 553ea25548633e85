"""The app's window on a lab desktop in its looks: light and dark, text at 100 and 200 %."""

from collections.abc import Iterator, Sequence
from typing import Final

from tests.e2e.desktop_app import DesktopApp
from tests.lab.accessibility import find_control
from tests.lab.camera import Camera

_WINDOW: Final = "0,4,0,1200,800"
ALL_LOOKS: Final = (("light", 1), ("light", 2), ("dark", 1), ("dark", 2))
_Looks = Sequence[tuple[str, int]]


def open_window(app: DesktopApp) -> None:
    """Show it where all pictures have it."""
    app.run("supportdesk")
    find_control(app.lab, role="radio button", name="Settings", seconds=60)
    app.lab.exec("wmctrl", "-r", "supportdesk", "-e", _WINDOW)


def each_look(app: DesktopApp, camera: Camera, looks: _Looks = ALL_LOOKS) -> Iterator[str]:
    """Put the app into one look after the other; the names are for pictures."""
    file = app.home / "settings.toml"
    kept = file.read_text()
    for theme, scale in looks:
        file.write_text(f'{kept}\n[look]\ntheme = "{theme}"\ntext_scale = {scale}\n')
        camera.settle()
        yield f"{theme}-{scale * 100}"
    file.write_text(kept)
    camera.settle()


def take_in_looks(app: DesktopApp, camera: Camera, name: str, looks: _Looks = ALL_LOOKS) -> None:
    for look in each_look(app, camera, looks):
        camera.take_window("supportdesk", f"{name}-{look}")
