"""`supportdesk` and `supportdesk demo`: the tray app, on the founder's own home or on practice.

What the icon does not need is imported when the icon is there.
"""

import os
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication

from supportdesk import __version__
from supportdesk.adapters.desktop.single_instance import SingleInstance, ask
from supportdesk.adapters.desktop.unix_signals import UnixSignals
from supportdesk.adapters.desktop.without_gtk import GTK_FONT, without_gtk
from supportdesk.adapters.log_file import LogFile, on_fault
from supportdesk.adapters.one_heap import share_one_heap
from supportdesk.adapters.places import Places
from supportdesk.adapters.secrets import KeyringSecrets
from supportdesk.domain.errors import AlreadyRunning
from supportdesk.ui.first_icon import FirstIcon
from supportdesk.ui.theme.theme import FUSION

if TYPE_CHECKING:
    from supportdesk.services.ports import Clock

_ANSWER_SECONDS = 5.0
_TOKEN_VARIABLES = ("XDG_ACTIVATION_TOKEN", "DESKTOP_STARTUP_ID")
_DISPLAY_VARIABLES = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")


def run_app(clock: "Clock | None" = None, *, link: str = "", is_quiet: bool = False) -> int:
    """Start the tray app, or bring the one that runs to the front; at this link, if any.

    Quietly, as the session does it, no window opens, neither here nor of the one that runs.
    """
    places = Places.from_environment(os.environ)
    return _run(places, None, is_practice=False, clock=clock, link=link, is_quiet=is_quiet)


def run_demo() -> int:
    """The same on the practice desk, in a throw-away home."""
    from supportdesk.practice_home import PracticeHome

    if not _has_display():
        return _no_display()
    with PracticeHome() as home:
        return _run(home.places, home.secrets, is_practice=True)


def _run(
    places: Places,
    secrets: KeyringSecrets | None,
    *,
    is_practice: bool,
    clock: "Clock | None" = None,
    link: str = "",
    is_quiet: bool = False,
) -> int:
    if not _has_display():
        return _no_display()
    places.create_folders()
    token = start_token(os.environ)
    # Before Qt starts its first thread.
    share_one_heap()
    # Before any socket of ours: they belong to the application's event loop.
    with without_gtk(os.environ) as is_gtk_desktop:
        app = QApplication([*sys.argv[:1], *FUSION])
    instance = SingleInstance(places)
    if not instance.try_become_first():
        return 0 if is_quiet else _show_the_first(places, link, token)
    app.setApplicationName("supportdesk")
    app.setApplicationVersion(__version__)
    app.setDesktopFileName("supportdesk")
    app.setQuitOnLastWindowClosed(False)
    icon = FirstIcon(app)
    if is_gtk_desktop:
        icon.theme.set_base_font(*GTK_FONT)
    app.processEvents()
    from supportdesk.bootstrap import TrayApp
    from supportdesk.commands.requests import RequestDesk
    from supportdesk.commands.watch import key_store

    signals = UnixSignals()
    signals.arrived.connect(lambda _number: app.quit())
    log_file = LogFile(places.log_dir)
    secrets = secrets or key_store()
    tray_app = TrayApp(
        app,
        places,
        secrets,
        is_practice=is_practice,
        is_gtk_desktop=is_gtk_desktop,
        clock=clock,
        icon=icon,
    )
    on_fault(tray_app.core.say_fault, log_file)
    requests = RequestDesk(tray_app.core, tray_app)
    instance.serve(requests.answer)
    try:
        tray_app.start(is_quiet=is_quiet)
        requests.take_spool()
        if link:
            requests.answer({"verb": "open", "link": link, "token": token})
        return app.exec()
    finally:
        tray_app.stop()
        instance.close()
        signals.close()
        log_file.close()


def start_token(environment: Mapping[str, str]) -> str:
    """The leave to come to the front that the desktop gave to whoever started this process."""
    tokens = [environment.get(name, "") for name in _TOKEN_VARIABLES]
    return next((token for token in tokens if token), "")


def _show_the_first(places: Places, link: str, token: str) -> int:
    """Bring the instance that runs to the front; one without a window says so."""
    if sys.platform == "win32":
        from supportdesk.adapters.desktop.window_front import let_another_come_to_front

        let_another_come_to_front()
    asked = {"verb": "open", "link": link} if link else {"verb": "show"}
    answer = ask(places, {**asked, "token": token}, _ANSWER_SECONDS)
    if answer is not None and answer.get("ok"):
        if answer.get("words"):
            print(f"{answer['words']}.")
        return 0
    raise AlreadyRunning(
        "supportdesk runs on this home without a window",
        "It is `supportdesk watch`: end that first.",
    )


def _has_display() -> bool:
    if sys.platform in ("win32", "darwin"):
        return True
    return any(os.environ.get(name) for name in _DISPLAY_VARIABLES)


def _no_display() -> int:
    print(
        "supportdesk: there is no display here (DISPLAY and WAYLAND_DISPLAY are not set). Use "
        "`supportdesk watch`, or `supportdesk watch --practice` to try it.",
        file=sys.stderr,
    )
    return 1
