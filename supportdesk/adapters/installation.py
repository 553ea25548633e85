"""Which installation this is: a desk.db that was copied to another computer is known by it."""

import hashlib
import os
from pathlib import Path

from PySide6.QtCore import QSysInfo

_LETTERS = 12


def installation_of(desk_db: Path, machine: bytes | None = None) -> str:
    """Short name of this desk.db on this computer, never kept in desk.db by itself.

    Args:
        desk_db: Where it lies.
        machine: What tells this computer from others; None asks the system.
    """
    told = QSysInfo.machineUniqueId().data() if machine is None else machine
    where = os.fsencode(desk_db.resolve())
    return hashlib.sha256(bytes(told) + b"\0" + where).hexdigest()[:_LETTERS]
