"""Where the resource files are: a checkout, an installed wheel or a PyInstaller folder."""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path


@cache
def resources_folder() -> Path:
    """The folder that holds icons/; the first candidate that exists."""
    package = Path(__file__).resolve().parents[2]
    candidates = [package / "resources", package.parent / "resources"]
    frozen = getattr(sys, "_MEIPASS", None)
    if frozen is not None:
        bundle = Path(frozen)
        candidates = [bundle / "resources", bundle / "supportdesk" / "resources", *candidates]
    for candidate in candidates:
        if (candidate / "icons").is_dir():
            return candidate
    raise FileNotFoundError(f"no resources/icons beside {package}")


def resource(*parts: str) -> Path:
    return resources_folder().joinpath(*parts)
