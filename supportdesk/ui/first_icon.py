"""The icon in the tray before the rest of the program: that takes four times as long to load."""

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication

from supportdesk.ui.theme.theme import Theme
from supportdesk.ui.tray import Tray
from supportdesk.ui.tray_hosts import TrayHosts


class FirstIcon(QObject):
    """What the icon needs and the app takes over. Make it right after QApplication.

    It says "is starting" until the app has something to say.
    """

    def __init__(self, app: QApplication) -> None:
        super().__init__()
        self.theme = Theme(app)
        self.hosts = TrayHosts(self)
        self.tray = Tray(self.theme, self, is_host_there=lambda: self.hosts.is_any)
