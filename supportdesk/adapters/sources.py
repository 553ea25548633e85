"""The mail accounts and phones of the settings as running workers; follows the settings.

Each kind of source is imported when the settings have one: few desks have all.
"""

import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from supportdesk.adapters.phone.phone_past import PhonePast, PhoneRecords
from supportdesk.adapters.right_of_way import RightOfWay
from supportdesk.adapters.worker_signals import emit_if_heard
from supportdesk.domain.errors import Problem, SecretsUnavailable, SupportDeskError
from supportdesk.domain.events import HealthChanged
from supportdesk.domain.health import Hearing, SourceHealth, SourceKind, SourceName
from supportdesk.domain.settings import MailSettings, PhoneKind, PhoneSettings, Settings
from supportdesk.protocols.backoff import Backoff
from supportdesk.services.ports import (
    Baseline,
    Clock,
    Dialer,
    MailFetcher,
    Publisher,
    SecretStore,
)

if TYPE_CHECKING:
    from supportdesk.adapters.mail.imap_worker import ImapWorker
    from supportdesk.adapters.phone.baresip import BaresipPhone
    from supportdesk.adapters.phone.linphone import LinphonePhone
    from supportdesk.services.answer_ports import ThreadFetcher

# A name server or a key store that does not answer cannot be interrupted.
_REPLACE_SECONDS = 3.0
_QUIT_SECONDS = 1.0


class WatchedPhone(Dialer, Protocol):
    """What every phone adapter does; each lives on the GUI thread."""

    def start(self) -> None: ...

    def stop(self) -> None:
        """Let go of everything, and be silent from now on."""
        ...

    def check_now(self) -> None:
        """Look at once, whatever the backoff says."""
        ...


class SourceRecords(PhoneRecords, Protocol):
    """The part of the desk store that sources need."""

    def baselines(self, account: SourceName) -> list[Baseline]: ...


class Sources(QObject):
    """Starts, replaces and stops workers. Lives on the GUI thread.

    A phone's password is fetched by a thread first, since a key store may take its time: the
    phone adapter itself lives on the GUI thread and must find it ready. It is fetched again
    whenever somebody asks to try again, for it may have been typed anew.
    """

    _secret_ready = Signal(object, str)
    _secret_missing = Signal(object, object)
    _ended = Signal(str)

    def __init__(
        self,
        *,
        secrets: SecretStore,
        cache_path: Path,
        publisher: Publisher,
        clock: Clock,
        records: SourceRecords,
        right_of_way: RightOfWay,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._secrets = secrets
        self._cache_path = cache_path
        self._publisher = publisher
        self._clock = clock
        self._records = records
        self._right_of_way = right_of_way
        self._settings: dict[SourceName, MailSettings | PhoneSettings] = {}
        self._lift_queue = ""
        self._mail: dict[SourceName, ImapWorker] = {}
        self._retiring: dict[SourceName, threading.Thread] = {}
        self._phones: dict[SourceName, WatchedPhone] = {}
        self._phone_secrets: dict[SourceName, str] = {}
        self._secret_backoffs: dict[SourceName, Backoff] = {}
        self._secret_ready.connect(self._start_phone)
        self._secret_missing.connect(self._secret_is_missing)
        self._ended.connect(self._worker_ended)

    def follow(self, settings: Settings) -> None:
        """Stop what is gone or changed, start what is new or changed."""
        sources: list[MailSettings | PhoneSettings] = [*settings.mail, *settings.phone]
        wanted = {source.name: source for source in sources}
        is_lift_moved = settings.lift.queue != self._lift_queue
        self._lift_queue = settings.lift.queue
        for name, known in list(self._settings.items()):
            if wanted.get(name) != known or (is_lift_moved and _is_pbx(known)):
                self._drop(name)
        for name, source in wanted.items():
            if name not in self._settings:
                self._settings[name] = source
                self._begin(source)

    def fetcher(self, account: SourceName) -> MailFetcher | None:
        return self._mail.get(account)

    def thread_fetcher(self, account: SourceName) -> "ThreadFetcher | None":
        """What an open composer asks; None where nobody watches the account."""
        return self._mail.get(account)

    def dialer(self, phone: SourceName) -> WatchedPhone | None:
        return self._phones.get(phone)

    def dialers(self) -> Iterable[WatchedPhone]:
        return self._phones.values()

    def check_now(self) -> None:
        """Look at every source at once, whatever its backoff says."""
        for source in self._settings.values():
            if isinstance(source, PhoneSettings):
                self._begin(source)
        for worker in self._mail.values():
            worker.check_now()

    def stop(self) -> None:
        """Stop all; workers that do not end in time are left behind as daemons."""
        for name in list(self._settings):
            self._drop(name)
        deadline = self._clock.monotonic_seconds() + _QUIT_SECONDS
        for thread in list(self._retiring.values()):
            thread.join(max(0.0, deadline - self._clock.monotonic_seconds()))

    def _begin(self, source: MailSettings | PhoneSettings) -> None:
        if isinstance(source, MailSettings):
            self._begin_mail(source)
        elif source.kind is PhoneKind.ASTERISK:
            threading.Thread(
                target=self._fetch_secret, args=(source,), name=f"secret {source.name}", daemon=True
            ).start()
        elif source.kind is not PhoneKind.HOOK:
            self._begin_softphone(source)

    def _begin_softphone(self, source: PhoneSettings) -> None:
        """It has no password: it begins at once."""
        phone = self._phones.get(source.name)
        if phone is not None:
            phone.check_now()
            return
        phone = _softphone(source.kind)(source, self._publisher, self._clock, records=self._records)
        self._phones[source.name] = phone
        phone.start()

    def _begin_mail(self, source: MailSettings) -> None:
        if source.name in self._retiring:
            return  # two at once would write the same account; it begins when the other has ended
        from supportdesk.adapters.mail.imap_worker import ImapWorker

        worker = ImapWorker(
            source,
            self._secret_of(source),
            self._cache_path,
            self._publisher,
            self._clock,
            baselines=self._records.baselines(source.name),
            right_of_way=self._right_of_way,
        )
        self._mail[source.name] = worker
        worker.start()

    def _secret_of(self, source: MailSettings | PhoneSettings) -> Callable[[], str]:
        def secret() -> str:
            found = self._secrets.get(source.secret_name)
            if found is None:
                raise SecretsUnavailable(
                    f"No password is kept for {source.name}",
                    f"Type it in Settings, or run: supportdesk secret set {source.secret_name}",
                )
            return found

        return secret

    def _fetch_secret(self, source: PhoneSettings) -> None:
        try:
            secret = self._secret_of(source)()
        except SupportDeskError as error:
            emit_if_heard(self._secret_missing, source, error.problem)
            return
        emit_if_heard(self._secret_ready, source, secret)

    @Slot(object, str)
    def _start_phone(self, source: PhoneSettings, secret: str) -> None:
        name = source.name
        if self._settings.get(name) != source:
            return
        self._secret_backoffs.pop(name, None)
        self._phone_secrets[name] = secret
        if name in self._phones:
            self._phones[name].check_now()
            return
        from supportdesk.adapters.phone.asterisk import AsteriskPhone

        phone = AsteriskPhone(
            source,
            lambda: self._phone_secrets[name],
            self._publisher,
            self._clock,
            past=PhonePast(self._records, source),
            lift_queue=self._lift_queue,
        )
        self._phones[name] = phone
        phone.start()

    @Slot(object, object)
    def _secret_is_missing(self, source: PhoneSettings, problem: Problem) -> None:
        """Ask again in a while: a key store may start late. A phone that runs needs it only now."""
        if self._settings.get(source.name) != source:
            return
        if source.name in self._phones:
            self._phones[source.name].check_now()
            return
        self._say_deaf(source, problem)
        backoff = self._secret_backoffs.setdefault(source.name, Backoff())
        now = self._clock.now()
        seconds = (backoff.failed(now) - now).total_seconds()
        QTimer.singleShot(int(seconds * 1000), self, lambda: self._ask_secret_again(source))

    def _ask_secret_again(self, source: PhoneSettings) -> None:
        if self._settings.get(source.name) == source and source.name not in self._phones:
            self._begin(source)

    def _say_deaf(self, source: PhoneSettings, problem: Problem) -> None:
        health = SourceHealth(
            source=source.name,
            kind=SourceKind.PHONE,
            hearing=Hearing.DEAF,
            since=self._clock.now(),
            problem=problem,
        )
        self._publisher.publish(HealthChanged(health=health))

    def _drop(self, name: SourceName) -> None:
        del self._settings[name]
        worker = self._mail.pop(name, None)
        if worker is not None:
            self._retire(name, worker)
        phone = self._phones.pop(name, None)
        if phone is not None:
            phone.stop()
        self._secret_backoffs.pop(name, None)
        self._phone_secrets.pop(name, None)

    def _retire(self, name: SourceName, worker: "ImapWorker") -> None:
        """End it in a thread of its own: it may be stuck, and the window must not be."""

        def end() -> None:
            worker.stop(_REPLACE_SECONDS)
            emit_if_heard(self._ended, name)

        self._retiring[name] = threading.Thread(target=end, name=f"end of {name}", daemon=True)
        self._retiring[name].start()

    @Slot(str)
    def _worker_ended(self, name: SourceName) -> None:
        del self._retiring[name]
        source = self._settings.get(name)
        if isinstance(source, MailSettings):
            self._begin_mail(source)


def _is_pbx(source: MailSettings | PhoneSettings) -> bool:
    return isinstance(source, PhoneSettings) and source.kind is PhoneKind.ASTERISK


def _softphone(kind: PhoneKind) -> "type[BaresipPhone | LinphonePhone]":
    if kind is PhoneKind.BARESIP:
        from supportdesk.adapters.phone.baresip import BaresipPhone

        return BaresipPhone
    from supportdesk.adapters.phone.linphone import LinphonePhone

    return LinphonePhone
