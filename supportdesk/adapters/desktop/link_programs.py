"""Which links the desktop has a program for; asked before one is handed over.

Qt starts xdg-open beside the app and says that all went well, whether or not anything opens.
"""

import shutil
import subprocess
import sys

_PATIENCE_SECONDS = 5.0


def has_program_for(scheme: str) -> bool:
    """Does anything here take links of this scheme? To be asked in a thread: it may take seconds.

    Elsewhere than on Linux the system itself answers when the link is opened.
    """
    if not sys.platform.startswith("linux"):
        return True
    ask = shutil.which("xdg-mime")
    if ask is None:
        return False
    query = [ask, "query", "default", f"x-scheme-handler/{scheme}"]
    try:
        answer = subprocess.run(  # noqa: S603 - the desktop's own
            query,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_PATIENCE_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return answer.returncode == 0 and answer.stdout.strip().endswith(b".desktop")
