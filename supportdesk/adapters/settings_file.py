"""settings.toml: read whole, changed key by key, never overwritten while it is broken."""

from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from supportdesk.adapters.atomic_file import write_atomically
from supportdesk.adapters.settings_reader import LoadedSettings, read_settings
from supportdesk.domain.errors import SettingsError
from supportdesk.domain.health import SourceName
from supportdesk.domain.settings import (
    AlertSettings,
    AnsweringSettings,
    LiftSettings,
    LookSettings,
    MailSettings,
    PhoneSettings,
    ReadingSettings,
    RitualSettings,
    Settings,
)

Entry = TypeVar("Entry", bound=MailSettings | PhoneSettings)


class SettingsFile:
    """The settings on disk. Every change is read back and checked before it is written.

    Raises SettingsError for all that is wrong with the file, its place or a change to it.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    @property
    def path(self) -> Path:
        return self._path

    def load(self) -> LoadedSettings:
        """Everything at its default when there is no file."""
        return read_settings(self._text(), self._path)

    def add_mail(self, mail: MailSettings) -> None:
        settings = self.load().settings
        self._save(settings, replace(settings, mail=(*settings.mail, mail)))

    def update_mail(self, name: SourceName, mail: MailSettings) -> None:
        settings = self.load().settings
        self._save(settings, replace(settings, mail=_with(settings.mail, name, (mail,))))

    def remove_mail(self, name: SourceName) -> None:
        settings = self.load().settings
        self._save(settings, replace(settings, mail=_with(settings.mail, name, ())))

    def add_phone(self, phone: PhoneSettings) -> None:
        settings = self.load().settings
        self._save(settings, replace(settings, phone=(*settings.phone, phone)))

    def update_phone(self, name: SourceName, phone: PhoneSettings) -> None:
        settings = self.load().settings
        self._save(settings, replace(settings, phone=_with(settings.phone, name, (phone,))))

    def remove_phone(self, name: SourceName) -> None:
        settings = self.load().settings
        self._save(settings, replace(settings, phone=_with(settings.phone, name, ())))

    def set_alerts(self, alerts: AlertSettings) -> None:
        settings = self.load().settings
        self._save(settings, replace(settings, alerts=alerts))

    def set_reading(self, reading: ReadingSettings) -> None:
        settings = self.load().settings
        self._save(settings, replace(settings, reading=reading))

    def set_look(self, look: LookSettings) -> None:
        settings = self.load().settings
        self._save(settings, replace(settings, look=look))

    def set_answering(self, answering: AnsweringSettings) -> None:
        settings = self.load().settings
        self._save(settings, replace(settings, answering=answering))

    def set_ritual(self, ritual: RitualSettings) -> None:
        settings = self.load().settings
        self._save(settings, replace(settings, ritual=ritual))

    def set_lift(self, lift: LiftSettings) -> None:
        settings = self.load().settings
        self._save(settings, replace(settings, lift=lift))

    def set_country(self, country: str) -> None:
        """Two letters, or empty for none."""
        settings = self.load().settings
        self._save(settings, replace(settings, country=country))

    def _save(self, before: Settings, after: Settings) -> None:
        """Write the edited text if it says exactly what is wanted."""
        # tomlkit costs 5 MB that a quiet tray does not need: it is loaded for the first change.
        from supportdesk.adapters.settings_edits import edited_text

        # The table of lifts is every account's: a form for an account knows nothing of it.
        accounts = tuple(replace(one, lift=after.lift) for one in after.mail)
        wanted = self._with_whole_paths(replace(after, mail=accounts))
        text = self._text()
        try:
            edited = edited_text(text, before, wanted)
        except (ValueError, LookupError) as error:
            raise self._odd_layout() from error
        if read_settings(edited, self._path).settings != wanted:
            raise self._odd_layout()
        if edited == text:
            return
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_atomically(self._path, edited.encode())
        except OSError as error:
            raise SettingsError(
                f"{self._path} cannot be written: {error.strerror}",
                "Look at the rights of the folder and the room on the disk, then save again.",
            ) from error

    def _odd_layout(self) -> SettingsError:
        return SettingsError(
            f"{self._path.name} is laid out in a way that cannot be changed from here",
            f"Change it by hand in {self._path}; it is left as it is.",
        )

    def _text(self) -> str:
        try:
            content = self._path.read_bytes()
        except FileNotFoundError:
            return ""
        except OSError as error:
            raise SettingsError(
                f"{self._path} cannot be read: {error.strerror}",
                "Give this user the right to read it.",
            ) from error
        try:
            return content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = content.count(b"\n", 0, error.start) + 1
            raise SettingsError(
                f"{self._path.name}, line {line}, is not UTF-8 text",
                "Save the file as UTF-8 in a text editor; it is left as it is.",
                line=line,
            ) from error

    def _with_whole_paths(self, settings: Settings) -> Settings:
        """A file that somebody chose is found again wherever the app is started."""
        return replace(
            settings,
            mail=tuple(
                replace(
                    mail,
                    ca_file=self._whole_path(mail.ca_file),
                    smtp=mail.smtp
                    and replace(mail.smtp, ca_file=self._whole_path(mail.smtp.ca_file)),
                )
                for mail in settings.mail
            ),
            phone=tuple(
                replace(phone, ca_file=self._whole_path(phone.ca_file)) for phone in settings.phone
            ),
        )

    def _whole_path(self, name: str) -> str:
        return str(self._path.parent / Path(name).expanduser()) if name else ""


def _with(
    entries: tuple[Entry, ...], name: SourceName, new: tuple[Entry, ...]
) -> tuple[Entry, ...]:
    """The entries with one of them replaced, or left out."""
    for index, entry in enumerate(entries):
        if entry.name == name:
            return (*entries[:index], *new, *entries[index + 1 :])
    raise SettingsError(
        f'"{name}" is no longer in the settings',
        "It was removed or renamed meanwhile; look at the list again.",
    )
