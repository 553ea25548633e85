"""The whole tray app, which tells how long its GUI thread was held since it was asked last.

A process of its own on a lab desktop; it answers the verb "holds" beside those of the app.
"""

import os
import sys

from PySide6.QtWidgets import QApplication

from supportdesk.adapters.desktop.single_instance import Fields, SingleInstance
from supportdesk.adapters.desktop.unix_signals import UnixSignals
from supportdesk.adapters.places import Places
from supportdesk.bootstrap import TrayApp
from supportdesk.commands.requests import RequestDesk
from supportdesk.commands.watch import key_store
from supportdesk.services.watch_lines import JsonObject
from tests.bench.gui_probe import HoldProbe


def main() -> int:
    places = Places.from_environment(os.environ)
    app = QApplication(sys.argv[:1])
    app.setQuitOnLastWindowClosed(False)
    instance = SingleInstance(places)
    assert instance.try_become_first()
    signals = UnixSignals()
    signals.arrived.connect(lambda _number: app.quit())
    tray_app = TrayApp(app, places, key_store(), is_practice=False)
    requests, probe = RequestDesk(tray_app.core, tray_app), HoldProbe()

    def answer(fields: Fields) -> JsonObject:
        if fields.get("verb") != "holds":
            return requests.answer(fields)
        held = probe.stop()
        probe.start()
        return {"ok": True, "longest": held.longest, "raw_longest": held.raw_longest}

    instance.serve(answer)
    tray_app.start()
    try:
        return app.exec()
    finally:
        tray_app.stop()
        instance.close()
        signals.close()


if __name__ == "__main__":
    sys.exit(main())
