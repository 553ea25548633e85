"""Says when settings.toml is another one than before, however an editor writes it."""

from pathlib import Path

from PySide6.QtCore import QFileSystemWatcher, QObject, QTimer, Signal

_SETTLE_MILLISECONDS = 100


class SettingsWatch(QObject):
    """Watches the file, and its folder for when it is replaced. Lives on the GUI thread.

    Signals:
        changed: It was written, changed or not, and has come to rest.
    """

    changed = Signal()

    def __init__(self, path: Path, parent: QObject) -> None:
        super().__init__(parent)
        self._path = path
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(_SETTLE_MILLISECONDS)
        self._settle.timeout.connect(self.changed)
        self._watcher = QFileSystemWatcher(self)
        self._watcher.addPath(str(path.parent))
        self.hold_on()
        # Editors replace the file, which ends its own watch: the folder sees that.
        self._watcher.fileChanged.connect(lambda _path: self._settle.start())
        self._watcher.directoryChanged.connect(lambda _path: self._folder_changed())
        self._seen = self._fingerprint()

    def hold_on(self) -> None:
        """Watch the file again if it was replaced by another one."""
        path = str(self._path)
        if self._path.exists() and path not in self._watcher.files():
            self._watcher.addPath(path)

    def _folder_changed(self) -> None:
        """Databases write in the same folder: only a changed settings file is of interest."""
        seen = self._fingerprint()
        if seen != self._seen:
            self._seen = seen
            self._settle.start()

    def _fingerprint(self) -> tuple[int, ...]:
        try:
            stat = self._path.stat()
        except OSError:
            return ()
        return (stat.st_ino, stat.st_mtime_ns, stat.st_size)
