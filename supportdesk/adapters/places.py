"""Where everything of one home lies on disk, and the name of its socket (DESIGN section 12)."""

import hashlib
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from supportdesk.domain.errors import StoreError

HOME_VARIABLE = "SUPPORTDESK_HOME"
_APP = "supportdesk"

# sockaddr_un.sun_path holds 108 bytes on Linux and 104 on macOS, with the closing NUL. Less, for
# commands of older versions look for the socket of a long home in the other place from here on.
_LONGEST_SOCKET_PATH = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """The paths of one home. Two homes are two desks that know nothing of each other."""

    config_dir: Path
    data_dir: Path
    log_dir: Path

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> "Places":
        """One folder for all under SUPPORTDESK_HOME, else the platform's own folders."""
        home = environ.get(HOME_VARIABLE)
        if home:
            return cls.under(Path(home))
        return cls(
            config_dir=platformdirs.user_config_path(_APP, appauthor=False),
            data_dir=platformdirs.user_data_path(_APP, appauthor=False),
            log_dir=platformdirs.user_log_path(_APP, appauthor=False),
        )

    @classmethod
    def under(cls, home: Path) -> "Places":
        folder = home.expanduser().absolute()
        return cls(config_dir=folder, data_dir=folder, log_dir=folder / "log")

    @property
    def settings_path(self) -> Path:
        return self.config_dir / "settings.toml"

    @property
    def desk_db(self) -> Path:
        return self.data_dir / "desk.db"

    @property
    def mail_db(self) -> Path:
        return self.data_dir / "mail.db"

    @property
    def spool_dir(self) -> Path:
        """Call hook events that came while the app was not running."""
        return self.data_dir / "spool"

    @property
    def attachments_dir(self) -> Path:
        """Fetched attachments: a cache, beside mail.db (adapters/attachment_store)."""
        return self.data_dir / "attachments"

    @property
    def outgoing_dir(self) -> Path:
        """Wire forms of what is on its way out, and in `files/` what was attached to drafts."""
        return self.data_dir / "outgoing"

    @property
    def saved_replies_dir(self) -> Path:
        """One text file for each saved reply, the founder's to write in any editor."""
        return self.config_dir / "saved-replies"

    @property
    def lock_path(self) -> Path:
        return self.data_dir / "desk.lock"

    @property
    def socket_name(self) -> str:
        """Where a running app is reached: a path, or a pipe's name on Windows.

        It depends on the home alone, not on XDG_RUNTIME_DIR: a call hook that cron runs has no
        such variable and still has to find the running app.
        """
        digest = hashlib.sha256(os.fsencode(self.data_dir)).hexdigest()[:16]
        if sys.platform == "win32":
            return f"{_APP}-{digest}"
        path = os.fsencode(self.data_dir / "desk.sock")
        if len(path) <= _LONGEST_SOCKET_PATH:
            return os.fsdecode(path)
        return f"/tmp/{_APP}-{os.getuid()}-{digest}.sock"  # noqa: S108 - for over-long homes only

    def create_folders(self) -> None:
        """Make what is missing, for this user alone. Raises StoreError."""
        for folder in (self.config_dir, self.data_dir, self.log_dir, self.spool_dir):
            try:
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            except OSError as error:
                raise StoreError(
                    f"The folder {folder} cannot be made: {error.strerror}",
                    f"Give this user the right to write there, or set {HOME_VARIABLE} "
                    "to another folder.",
                ) from error
