"""Threads of a program that shares one heap make no heaps of their own."""

import subprocess
import sys

PROGRAM = """
import ctypes, sys, threading
from supportdesk.adapters.one_heap import share_one_heap
if "share" in sys.argv:
    share_one_heap()
libc = ctypes.CDLL(None)
libc.malloc.restype = ctypes.c_void_p
places = []
def run():
    # ctypes lets go of the interpreter, so the threads are in malloc at the same time.
    places.extend(libc.malloc(1000) >> 26 for _ in range(1000))
threads = [threading.Thread(target=run) for _ in range(4)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
main = libc.malloc(1000) >> 26
print(sum(abs(place - main) > 1 for place in places))
"""


def elsewhere(*arguments: str) -> int:
    """How many blocks of threads lie far from the main heap."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, *arguments], capture_output=True, text=True, check=True
    )
    return int(done.stdout)


def test_all_threads_share_one_heap() -> None:
    assert elsewhere() > 0, "else this proves nothing"
    assert elsewhere("share") == 0
