"""The installed PySide6 keeps its reference counts.

PySide6 6.12.0 on Python 3.11 loses a reference to True with each emit() from Python and one to None
with each Qt call that returns nothing, and the process aborts after some hundreds of them.
"""

import json
import subprocess
import sys

_CALLS = 10_000
_TOLERANCE = 100

# In a process of its own, with references to spare, which ends before it misses the lost ones.
_COUNT = f"""
import json, os, sys
from PySide6.QtCore import QObject, Signal

class Emitter(QObject):
    happened = Signal()

spare = [True, None] * {3 * _CALLS}
emitter = Emitter()

def lost(constant, call):
    before = sys.getrefcount(constant)
    for _ in range({_CALLS}):
        call()
    return before - sys.getrefcount(constant)

counts = lost(True, emitter.happened.emit), lost(None, lambda: emitter.setObjectName("support"))
print(json.dumps(counts), flush=True)
os._exit(0)
"""


def test_no_reference_to_true_or_none_is_lost() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _COUNT], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    lost_to_true, lost_to_none = json.loads(done.stdout)
    assert abs(lost_to_true) < _TOLERANCE, "install PySide6-Essentials below 6.12"
    assert abs(lost_to_none) < _TOLERANCE, "install PySide6-Essentials below 6.12"
