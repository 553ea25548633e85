import subprocess
import sys

_SOURCES_KEPT = """
import linecache
from supportdesk.adapters.plain_imports import import_plainly
{plainly}
import supportdesk.bootstrap
print(any(name.endswith("ui/tray.py") for name in linecache.cache))
"""


def sources_kept(plainly: str) -> str:
    program = [sys.executable, "-c", _SOURCES_KEPT.format(plainly=plainly)]
    return subprocess.run(program, check=True, capture_output=True, text=True).stdout.strip()


def test_the_sources_of_our_modules_are_not_kept_in_memory() -> None:
    assert sources_kept("import_plainly()") == "False"


def test_without_it_pyside_keeps_them() -> None:
    """When this fails, PySide6 has mended it, and the module has no use any more."""
    assert sources_kept("") == "True"
