"""python -m tests.bench.real_wake [--minutes 120] [WAY...]: asleep for two real hours.

While the computer sleeps twelve mails come and two callers give up in the queue. What does the
notification daemon get once it wakes? Read from the bus: one digest, calls first, nothing else,
and the lists are complete. In the way `kept` the sockets outlive the sleep with what came in them;
in the way `lost` the links of before are dead and nobody says so. Each way has a desktop, a mail
server, a PBX and an app of its own. Not one of `python -m tests.bench`, for it takes two hours;
tests/e2e/test_sleep.py has the same in seconds.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from tests.e2e.sleeping_app import SleepingComputer, letter, sleeping_computer, wait_and_give_up
from tests.lab.desktop import DesktopLab, DesktopSettings, Keyring, Notifier
from tests.lab.heard_alerts import HeardAlert
from tests.lab.mail import DovecotLab
from tests.lab.phone import AsteriskLab
from tests.lab.waiting import wait_until

KEPT, LOST = "kept", "lost"
MAILS = 12
_CALLERS = {4: "Carla Customer", 8: "Dan Customer"}
"""After which mail they call."""
_QUIET_SECONDS = 90.0
"""So long nothing more may be told after the digest: catching up takes 30 s at most."""


def measure(way: str, minutes: float) -> list[str]:
    """What is wrong; nothing when all is right."""
    settings = DesktopSettings(keyring=Keyring.NONE, notifier=Notifier.DUNST_STOCK)
    with (
        DovecotLab() as mail,
        AsteriskLab() as pbx,
        DesktopLab(settings) as desktop,
        tempfile.TemporaryDirectory() as folder,
    ):
        user = mail.new_address()
        with sleeping_computer(
            desktop, mail, pbx, Path(folder), user, loses_links=way == LOST
        ) as computer:
            time.sleep(5)
            asleep_at = time.monotonic()
            computer.fall_asleep()
            _say(way, "asleep")
            for number in range(1, MAILS + 1):
                _sleep_until(asleep_at + number * minutes * 60 / (MAILS + 1))
                mail.deliver(letter(number, user), to=user)
                _say(way, f"mail {number} came, {mail.session_count()} IMAP sessions")
                if number in _CALLERS:
                    wait_and_give_up(pbx, number, _CALLERS[number])
                    _say(way, f"{_CALLERS[number]} gave up")
            _sleep_until(asleep_at + minutes * 60)
            told_asleep = len(computer.heard.all)
            woke_at = time.monotonic()
            computer.wake_up()
            _say(way, f"awake after {woke_at - asleep_at:.0f} s")
            wait_until(lambda: computer.heard.all[told_asleep:], seconds=60, what="an alert")
            time.sleep(_QUIET_SECONDS)
            wrong = _judge(way, computer, told_asleep, woke_at)
            mail.deliver(letter(MAILS + 1, user), to=user)
            told = len(computer.heard.all)
            wait_until(lambda: computer.heard.all[told:], seconds=60, what="the next mail's alert")
            _tell(way, "the next mail", computer.heard.all[told:], time.monotonic())
            return wrong


def _judge(way: str, computer: SleepingComputer, told_asleep: int, woke_at: float) -> list[str]:
    heard = computer.heard.all[told_asleep:]
    _tell(way, "told", heard, woke_at)
    people, calls = computer.people_waiting(), computer.missed_calls()
    _say(way, f"lists: {people} people wait for a reply, {calls} missed calls")
    words = f"2 missed calls, {MAILS} mails, oldest waiting"
    checks = {
        f"told while asleep: {told_asleep}": told_asleep == 0,
        f"{len(heard)} alerts, not 1": len(heard) == 1,
        "no digest with calls first": heard[0].body.startswith(words),
        "it is not called what it is": heard[0].title.startswith("While you were away ("),
        f"{people} people wait, not {MAILS}": people == MAILS,
        f"{calls} missed calls, not 2": calls == len(_CALLERS),
    }
    return [what for what, is_right in checks.items() if not is_right]


def _tell(way: str, what: str, heard: list[HeardAlert], since: float) -> None:
    for one in heard:
        _say(way, f"{what} after {one.at - since:.1f} s: {one.title!r} {one.body!r} {one.is_new}")


def _say(way: str, words: str) -> None:
    sys.stdout.write(f"{datetime.now(UTC):%H:%M:%S} {way}: {words}\n")
    sys.stdout.flush()


def _sleep_until(moment: float) -> None:
    time.sleep(max(0.0, moment - time.monotonic()))


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.real_wake", description=__doc__)
    parser.add_argument("--minutes", type=float, default=120.0, help="how long it sleeps")
    parser.add_argument("ways", nargs="*", metavar="WAY", help=f"{KEPT}, {LOST}")
    arguments = parser.parse_args()
    ways = arguments.ways or [KEPT, LOST]
    unknown = [way for way in ways if way not in (KEPT, LOST)]
    if unknown:
        parser.error(f"no way is called {unknown[0]}; there are {KEPT}, {LOST}")
    if len(ways) == 1:
        wrong = measure(ways[0], arguments.minutes)
        _say(ways[0], f"WRONG: {'; '.join(wrong)}" if wrong else "all right: one digest")
        sys.exit(bool(wrong))
    command = [sys.executable, "-m", "tests.bench.real_wake", "--minutes", str(arguments.minutes)]
    beside = [subprocess.Popen([*command, way]) for way in ways]
    sys.exit(max(one.wait() for one in beside))


if __name__ == "__main__":
    main()
