"""The gallery renders every screen; a quiet tray never loads the pages."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_gallery_paints_the_screens_asked_for(tmp_path: Path) -> None:
    done = run("-m", "supportdesk.ui.gallery", str(tmp_path), "8-tray", "9-keys")
    assert done.returncode == 0, done.stderr
    assert len(list(tmp_path.glob("*.png"))) == 8


def test_gallery_needs_a_folder() -> None:
    assert run("-m", "supportdesk.ui.gallery").returncode == 2


def test_a_quiet_tray_does_not_load_the_pages() -> None:
    program = (
        "import sys\n"
        "from PySide6.QtWidgets import QApplication\n"
        "from supportdesk.ui.theme import Theme\n"
        "from supportdesk.ui.tray import Tray\n"
        "tray = Tray(Theme(QApplication([])))\n"
        "loaded = [name for name in sys.modules if name.startswith('supportdesk.ui.')]\n"
        "print(*sorted(loaded))\n"
    )
    done = run("-c", program)
    assert done.returncode == 0, done.stderr
    assert set(done.stdout.split()) == {
        "supportdesk.ui.rows",
        "supportdesk.ui.rows.common",
        "supportdesk.ui.rows.tray",
        "supportdesk.ui.theme",
        "supportdesk.ui.theme.palette",
        "supportdesk.ui.theme.resources",
        "supportdesk.ui.theme.theme",
        "supportdesk.ui.theme.tokens",
        "supportdesk.ui.theme.tray_pixmaps",
        "supportdesk.ui.tray",
    }
