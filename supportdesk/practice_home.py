"""A throw-away home on the practice desk: the ordinary settings, pointed at loopback servers."""

import tempfile
from pathlib import Path
from types import TracebackType

from supportdesk.adapters.clock import SystemClock
from supportdesk.adapters.places import Places
from supportdesk.adapters.secrets import KeyringSecrets
from supportdesk.adapters.settings_file import SettingsFile
from supportdesk.domain.health import SourceName
from supportdesk.domain.settings import (
    MailSettings,
    PhoneKind,
    PhoneSettings,
    Security,
    SmtpSettings,
)
from supportdesk.practice.desk import PracticeAddresses, PracticeDesk


class PracticeHome:
    """Starts the practice servers and writes settings for them; takes both away again.

    Passwords live in memory only. What the founder does here is forgotten with the folder.
    """

    def __init__(self, speed: float = 1.0) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="supportdesk-practice-")
        self._desk = PracticeDesk(SystemClock().now(), speed)
        self.places = Places.under(Path(self._folder.name))
        self.secrets = KeyringSecrets()

    def __enter__(self) -> "PracticeHome":
        addresses = self._desk.start()
        mail, phone = _mail(addresses), _phone(addresses)
        self.places.create_folders()
        file = SettingsFile(self.places.settings_path)
        file.add_mail(mail)
        file.add_phone(phone)
        self.secrets.remember_for_now(mail.secret_name, addresses.imap_password)
        self.secrets.remember_for_now(phone.secret_name, addresses.ami_secret)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._desk.stop()
        self._folder.cleanup()


def _mail(addresses: PracticeAddresses) -> MailSettings:
    return MailSettings(
        name=SourceName("Support"),
        address=addresses.address,
        host=addresses.imap_host,
        port=addresses.imap_port,
        security=Security.NONE,
        user=addresses.imap_user,
        name_in_from=addresses.company,
        signature=f"The founder of {addresses.company}",
        smtp=SmtpSettings(
            host=addresses.smtp_host,
            port=addresses.smtp_port,
            security=Security.NONE,
            user=addresses.smtp_user,
        ),
    )


def _phone(addresses: PracticeAddresses) -> PhoneSettings:
    return PhoneSettings(
        name=SourceName("Office"),
        kind=PhoneKind.ASTERISK,
        host=addresses.ami_host,
        port=addresses.ami_port,
        user=addresses.ami_user,
        queues=(addresses.queue,),
        founder=addresses.founder,
        context=addresses.context,
    )
