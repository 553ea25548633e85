"""Takes the pictures of docs/images: the real app, on the practice desk, on a lab desktop.

python -m tests.lab.screenshots [FOLDER]
python -m tests.lab.screenshots --states FOLDER     only the inbox and the calls in their states
python -m tests.lab.screenshots --calls FOLDER      only the calls in their states
python -m tests.lab.screenshots --week FOLDER       only My week in its states
python -m tests.lab.screenshots --settings FOLDER   only My week in the settings
python -m tests.lab.screenshots --health FOLDER     only "Is it working?" and alerts in the settings
python -m tests.lab.screenshots --answers FOLDER    only answering: composer, held, undo, outbox
python -m tests.lab.screenshots --ritual FOLDER     only the morning scroll, kept words, promises
python -m tests.lab.screenshots --tray FOLDER       only the tray icon, on several panels

The mail and the calls are those of the practice desk as they come. Only the earlier weeks of
reading are made up, because nobody can wait twelve weeks for a picture.
"""

import os
import re
import sys
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from pathlib import Path

from PySide6.QtGui import QGuiApplication

from supportdesk.adapters.clock import SystemClock
from supportdesk.adapters.storage.desk_store import SqliteDeskStore
from supportdesk.domain.reading import DroppedTime, DropRule, Span, SpanKind
from tests.lab.accessibility import act_on, controls, find_control
from tests.lab.camera import Camera
from tests.lab.desktop import DesktopLab, DesktopSettings, why_no_desktop
from tests.lab.mail import DovecotLab, why_no_dovecot
from tests.lab.screenshot_answers import AnswerStates
from tests.lab.screenshot_calls import CallStates
from tests.lab.screenshot_health import HealthStates
from tests.lab.screenshot_lifts import LiftStates
from tests.lab.screenshot_morning import MorningStates
from tests.lab.screenshot_phone_week import PhoneWeekStates
from tests.lab.screenshot_promises import PromiseStates
from tests.lab.screenshot_ritual import RitualStates
from tests.lab.screenshot_settings import SettingsStates
from tests.lab.screenshot_states import States
from tests.lab.screenshot_week import WeekStates
from tests.lab.tray_looks import take_tray_panels
from tests.lab.waiting import wait_until

ROOT = Path(__file__).resolve().parents[2]
PICTURES = ROOT / "docs" / "images"

_SCREEN = (1640, 900)
_ROOM_FOR_ALERTS = 2200
"""So wide that what pops up stands beside the window, not on it."""
_WINDOW = "0,4,0,1200,800"
_TRAY_FROM_RIGHT = 84
_MENU_SIZE = (560, 500)
_ASIDE = ("1500", "860")
_ALERT_SIZE = (460, 170)

# Minutes of the weeks before this one, oldest first.
_EARLIER_WEEKS = (31, 12, 30, 34, 22, 8, 33, 27, 30, 35, 24)
_EARLIER_DAYS = (
    (0, SpanKind.READ, "Tomasz Wrona: Import of recipes from Excel", 176),
    (0, SpanKind.READ, "Hannah Osei: Can I have my own numbers back?", 97),
    (1, SpanKind.READ, "Noor Haddad: Could not log in on the tablet", 126),
    (2, SpanKind.READ, "Ingrid Solheim: Flour order went out twice again", 88),
    (2, SpanKind.TALK, "Pavel Kiss", 240),
    (4, SpanKind.READ, "Backhaus Linde: Rechnung 2214", 151),
)


class Studio:
    """The desktop with the app on it, and where its pictures go."""

    def __init__(self, lab: DesktopLab, folder: Path) -> None:
        self._lab = lab
        self._camera = Camera(lab, folder)
        self._temporary = lab.folder / "tmp"
        self._temporary.mkdir()

    def open(self) -> None:
        """Start `supportdesk demo` and give it a past."""
        command = ["env", f"TMPDIR={self._temporary}", f"PYTHONPATH={ROOT}"]
        self._lab.launch("supportdesk", [*command, sys.executable, "-m", "supportdesk", "demo"])
        find_control(self._lab, role="radio button", name="Settings", seconds=30)
        self._lab.exec("wmctrl", "-r", "practice desk", "-e", _WINDOW)
        store = SqliteDeskStore(self._home / "desk.db")
        try:
            for span in _past(SystemClock().now().astimezone()):
                store.append_span(span)
        finally:
            store.close()
        self.use_theme("light")

    def use_theme(self, theme: str) -> None:
        """Through the settings file, which the running app follows."""
        file = self._home / "settings.toml"
        kept = re.sub(r"\n\[look\][^[]*", "", file.read_text())
        file.write_text(f'{kept}\n[look]\ntheme = "{theme}"\n')
        self._camera.settle()

    def show_page(self, name: str) -> None:
        page = self._camera.starting_with("radio button", name)
        act_on(self._lab, role="radio button", name=page.name)
        self._camera.settle()

    def read(self, who: str, *, seconds: int) -> None:
        """Open the mail of this customer and stay with it."""
        self._lab.click(*self._camera.starting_with("list item", f"{who}, ").centre)
        clock = re.compile(r"Reading clock: counting 0:(\d\d)")

        def has_counted() -> bool:
            found = [clock.match(node.name) for node in controls(self._lab)]
            return any(match and int(match[1]) >= seconds for match in found)

        wait_until(has_counted, seconds=60, what=f"{seconds} s of reading to be counted")

    def wait_for_alert(self, title: str, *, seconds: float = 120) -> None:
        find_control(self._lab, role="label", name=title, seconds=seconds)
        self._camera.settle()

    def wait_until_quiet(self) -> None:
        self._camera.starting_with("panel", "Live strip: All quiet")

    def wait_for_missed_call(self, who: str) -> None:
        self._camera.starting_with("list item", f"{who}, hung up")

    def picture_of_window(self, name: str) -> None:
        # Beside the window, so that nothing is hovered.
        self._lab.exec("xdotool", "mousemove", *_ASIDE)
        self._camera.settle()
        self._camera.take_window("supportdesk, on the practice desk", name)

    def picture_of_desktop(self, name: str) -> None:
        self._camera.take(name, f"{_SCREEN[0]}x{_SCREEN[1]}+0+0")

    def picture_of_alert(self, name: str) -> None:
        """The newest alert below the panel, with the tray above it."""
        width, height = _ALERT_SIZE
        self._camera.take(name, f"{width}x{height}+{_SCREEN[0] - width}+0")

    def picture_of_tray_menu(self, name: str) -> None:
        x = _SCREEN[0] - _TRAY_FROM_RIGHT
        self._lab.click(x, 15, button=3)
        self._camera.settle()
        # Beside the icon, so that its tooltip does not cover the first entry.
        self._lab.exec("xdotool", "mousemove", str(x - 60), "300")
        self._camera.settle()
        width, height = _MENU_SIZE
        self._camera.take(name, f"{width}x{height}+{_SCREEN[0] - width}+0")
        self._lab.press("Escape")

    # --- inside ------------------------------------------------------------------------------

    @property
    def _home(self) -> Path:
        return next(self._temporary.glob("supportdesk-practice-*"))


def take_all(studio: Studio) -> None:
    """Follow the opening of the practice day; each picture shows what is going on just then."""
    studio.open()
    studio.show_page("Calls")
    studio.wait_for_alert("Pavel Kiss is waiting")
    studio.picture_of_window("calls-light")
    studio.picture_of_alert("alert")
    studio.picture_of_desktop("desktop")
    studio.show_page("Inbox")
    studio.wait_until_quiet()
    studio.read("Ingrid Solheim", seconds=8)
    studio.picture_of_window("inbox-light")
    studio.use_theme("dark")
    studio.show_page("Calls")
    studio.wait_for_missed_call("Maison Aubry")
    studio.picture_of_window("calls-dark")
    studio.show_page("Inbox")
    studio.read("Pavel Kiss", seconds=5)
    studio.picture_of_window("inbox-dark")
    studio.show_page("My week")
    studio.picture_of_window("week-dark")
    studio.use_theme("light")
    studio.picture_of_window("week-light")
    studio.picture_of_tray_menu("tray-menu")


def _past(now: datetime) -> Iterator[Span]:
    monday = datetime.combine(now.date() - timedelta(days=now.weekday()), time(9, 14), now.tzinfo)
    for back, minutes in enumerate(reversed(_EARLIER_WEEKS), start=1):
        yield _span(monday - timedelta(weeks=back), SpanKind.READ, "Support mail", minutes * 60)
    for number, (day, kind, label, seconds) in enumerate(_EARLIER_DAYS):
        started = monday + timedelta(days=day, minutes=17 * number)
        if started.date() < now.date():
            yield _span(started, kind, label, seconds)


def _span(started: datetime, kind: SpanKind, label: str, seconds: float) -> Span:
    offset = started.utcoffset() or timedelta()
    dropped = (DroppedTime(rule=DropRule.NOT_IN_FRONT, seconds=41),) if "Ingrid" in label else ()
    return Span(
        span_id=f"picture-{started:%Y%m%d%H%M}",
        kind=kind,
        item=f"picture/{started:%Y%m%d%H%M}",
        label=label,
        started_at=started,
        utc_offset=offset,
        counted_seconds=seconds,
        dropped=dropped,
    )


def main(arguments: list[str]) -> int:
    reason = why_no_desktop()
    if reason is not None:
        print(f"No pictures: {reason}", file=sys.stderr)  # noqa: T201
        return 1
    only = _ONLY.get(arguments[0]) if arguments else None
    if only is not None:
        folder = Path(arguments[1])
        folder.mkdir(parents=True, exist_ok=True)
        only(folder.resolve())
        return 0
    folder = Path(arguments[0]) if arguments else PICTURES
    folder.mkdir(parents=True, exist_ok=True)
    width, height = _SCREEN
    with DesktopLab(DesktopSettings(screen=f"{width}x{height}x24")) as lab:
        take_all(Studio(lab, folder.resolve()))
    take_tray(folder.resolve())
    states = folder.resolve() / "states"
    states.mkdir(exist_ok=True)
    take_states(states)
    return 0


def take_calls(folder: Path) -> None:
    """The Calls page and the live board in each of their states, on a practice PBX."""
    screen = DesktopSettings(screen=f"{_SCREEN[0]}x{_SCREEN[1]}x24")
    with DesktopLab(screen) as lab:
        CallStates(lab, folder, lab.folder).take_all()


def take_week(folder: Path) -> None:
    """My week in each of its states."""
    screen = DesktopSettings(screen=f"{_SCREEN[0]}x{_SCREEN[1]}x24")
    with DesktopLab(screen) as lab:
        WeekStates(lab, folder, lab.folder).take_all()


def take_settings(folder: Path) -> None:
    """The settings of My week in each of their states."""
    screen = DesktopSettings(screen=f"{_SCREEN[0]}x{_SCREEN[1]}x24")
    with DesktopLab(screen) as lab:
        SettingsStates(lab, folder, lab.folder).take_all()


def take_health(folder: Path) -> None:
    """Is it working?, and the alerts in the settings."""
    screen = DesktopSettings(screen=f"{_SCREEN[0]}x{_SCREEN[1]}x24")
    with DesktopLab(screen) as lab:
        HealthStates(lab, folder, lab.folder).take_all()


def take_ritual(folder: Path) -> None:
    """The morning scroll, Voices, a week on the phones, promises."""
    screen = DesktopSettings(screen=f"{_SCREEN[0]}x{_SCREEN[1]}x24")
    with DesktopLab(screen) as lab:
        MorningStates(lab, folder, lab.folder).take_all()
        RitualStates(lab, folder, lab.folder).take_all()
        PhoneWeekStates(lab, folder, lab.folder).take_all()
        PromiseStates(lab, folder, lab.folder).take_all()


def take_tray(folder: Path) -> None:
    """The five states on each panel, in two colours, in colour and in grey."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    app = QGuiApplication([])
    take_tray_panels(folder / "tray-panels.png")
    app.shutdown()


def take_states(folder: Path) -> None:
    """All states; those of the inbox on a mail server that can be filled and stopped."""
    take_calls(folder)
    take_week(folder)
    take_settings(folder)
    take_health(folder)
    take_ritual(folder)
    missing = why_no_dovecot()
    if missing is not None:
        print(f"No pictures of states: {missing}", file=sys.stderr)  # noqa: T201
        return
    screen = DesktopSettings(screen=f"{_SCREEN[0]}x{_SCREEN[1]}x24")
    with DesktopLab(screen) as lab, DovecotLab() as mail:
        States(lab, mail, folder, lab.folder).take_all()
    take_answers(folder)
    # What is lifted has an alert, which stands beside the window.
    wide = DesktopSettings(screen=f"{_ROOM_FOR_ALERTS}x{_SCREEN[1]}x24")
    with DesktopLab(wide) as lab, DovecotLab() as mail:
        LiftStates(lab, mail, folder, lab.folder).take_all()


def take_answers(folder: Path) -> None:
    """Answering in each of its states, on a mail server that sends."""
    screen = DesktopSettings(screen=f"{_ROOM_FOR_ALERTS}x{_SCREEN[1]}x24")
    with DesktopLab(screen) as lab, DovecotLab() as mail:
        AnswerStates(lab, mail, folder, lab.folder).take_all()


_ONLY = {
    "--states": take_states,
    "--calls": take_calls,
    "--week": take_week,
    "--settings": take_settings,
    "--health": take_health,
    "--answers": take_answers,
    "--ritual": take_ritual,
    "--tray": take_tray,
}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
