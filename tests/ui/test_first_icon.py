from PySide6.QtWidgets import QApplication

from supportdesk.ui.first_icon import FirstIcon
from supportdesk.ui.tray import Tray


def test_the_icon_says_that_the_app_is_starting(qapp: QApplication) -> None:
    icon = FirstIcon(qapp)
    assert isinstance(icon.tray, Tray)
    assert icon.tray._view.tooltip == "supportdesk is starting"
    icon.tray.close()
    icon.hosts.stop()
