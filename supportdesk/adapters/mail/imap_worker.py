"""The thread that keeps one mail account heard: connects, listens, tries again when it breaks."""

import logging
import threading
from collections.abc import Callable, Iterable
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from supportdesk.adapters.mail import mail_problems
from supportdesk.adapters.mail.baselines import Baselines
from supportdesk.adapters.mail.imap_login import log_in
from supportdesk.adapters.mail.mail_session import MailSession
from supportdesk.adapters.mail.requests import Requests
from supportdesk.adapters.mail.source_health import SourceHealthReporter
from supportdesk.adapters.mail.transport import StoppedError, Transport, Waker
from supportdesk.adapters.right_of_way import RightOfWay
from supportdesk.adapters.storage.mail_cache import MailCacheWriter
from supportdesk.domain.errors import (
    AuthRejected,
    CertificateRejected,
    ConnectionLost,
    ServerBusy,
    SettingsError,
    StoreError,
    SupportDeskError,
)
from supportdesk.domain.events import MessageTextFetched
from supportdesk.domain.mail import MessageId, MessagePart, MessageText
from supportdesk.domain.settings import MailSettings
from supportdesk.protocols.backoff import Backoff
from supportdesk.protocols.mailbox_sync import ListeningRules
from supportdesk.services.ports import Baseline, Clock, Publisher

if TYPE_CHECKING:
    from supportdesk.adapters.mail.part_download import PartDownloads

_log = logging.getLogger(__name__)
# Hammering locks accounts; a password that was good before gets one try sooner, since servers in
# trouble also say that it is wrong.
_AFTER_REFUSAL_SECONDS = 900.0
_AFTER_FIRST_REFUSAL_SECONDS = 60.0
_WHILE_BUSY_SECONDS = 20.0
_LONGEST_SECONDS = 300.0
# A server that ends each connection after a moment is not asked again every second for ever.
_STABLE_SECONDS = 20.0
_WHILE_UNSTABLE_SECONDS = 10.0


class ImapWorker:
    """Watches one account; `start` and `stop` belong to one thread, requests may come from any."""

    def __init__(
        self,
        settings: MailSettings,
        secret_of: Callable[[], str],
        cache_path: Path,
        publisher: Publisher,
        clock: Clock,
        rules: ListeningRules | None = None,
        baselines: Iterable[Baseline] = (),
        right_of_way: RightOfWay | None = None,
    ) -> None:
        self._settings = settings
        self._baselines = Baselines(settings, baselines)
        self._secret_of = secret_of
        self._cache_path = cache_path
        self._publisher = publisher
        self._clock = clock
        self._rules = rules or ListeningRules()
        self._right_of_way = right_of_way or RightOfWay(clock)
        self._waker = Waker()
        self._stopping = threading.Event()
        self._requests = Requests(self._waker)
        self._health = SourceHealthReporter(settings.name, publisher, clock)
        self._backoff = Backoff()
        self._was_let_in = False
        self._cache: MailCacheWriter | None = None
        self._thread = threading.Thread(target=self._run, name=f"mail {settings.name}", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self, timeout: float) -> None:
        """End the thread; one that does not end in time is left behind and logged."""
        self._stopping.set()
        self._waker.wake()
        if self._thread.ident is None:
            self._waker.close()
        elif self._thread.is_alive():
            self._thread.join(timeout)
        if self._thread.is_alive():
            _log.warning("The mail thread of %s did not end in time", self._settings.name)

    def fetch_text(self, message_id: MessageId) -> None:
        self._requests.ask_text(message_id)

    def fetch_part(self, message_id: MessageId, part: MessagePart) -> None:
        self._requests.ask_part(message_id, part)

    def give_up_part(self, message_id: MessageId, section: str) -> None:
        self._requests.give_up_part(message_id, section)

    def fetch_head(self, message_id: MessageId) -> None:
        self._requests.ask_head(message_id)

    def check_thread(self, token: str) -> None:
        self._requests.ask_thread(token)

    def attend(self, message_id: MessageId | None) -> None:
        self._requests.attend(message_id)

    def check_now(self) -> None:
        self._requests.ask_check()

    def _run(self) -> None:
        self._health.connecting()
        while not self._stopping.is_set():
            try:
                self._listen()
            except StoppedError:
                break
            except StoreError as error:
                self._close_cache()
                self._rest(error)
            except SupportDeskError as error:
                _log.info("%s: %s", self._settings.name, error)
                self._rest(error)
            except Exception as error:  # noqa: BLE001 - our mistake must not leave us silently deaf
                _log.exception("Mistake while reading mail of %s", self._settings.name)
                self._rest(mail_problems.our_mistake(error))
        self._refuse_threads(_stopped(self._settings))
        self._close_cache()
        self._waker.close()

    def _close_cache(self) -> None:
        if self._cache is not None:
            self._cache.close()
            self._cache = None

    def _listen(self) -> None:
        """Connect and listen; ends only by an exception."""
        if self._cache is None:
            self._cache = MailCacheWriter(self._cache_path)
        transport = Transport(self._waker, self._clock, self._stopping.is_set)
        transport.on_received = self._health.received
        try:
            link = log_in(
                transport,
                self._settings,
                self._secret_of(),
                self._rules.answer_seconds,
                on_alert=lambda text: self._health.alert(mail_problems.alert(text, self._settings)),
            )
            link.woken_answer_seconds = self._rules.hasty_answer_seconds
            session = MailSession(
                link=link,
                settings=self._settings,
                cache=self._cache,
                publisher=self._publisher,
                clock=self._clock,
                requests=self._requests,
                downloads=lambda: self._downloads,
                health=self._health,
                rules=self._rules,
                baselines=self._baselines,
                right_of_way=self._right_of_way,
            )
            session.run()
        except OSError as error:
            raise mail_problems.of_network(error, self._settings) from error
        finally:
            if self._health.is_listening:
                self._was_let_in = True
            if self._health.listened_seconds >= _STABLE_SECONDS:
                self._backoff.succeeded()
            transport.close()

    def _rest(self, error: SupportDeskError) -> None:
        """Say that we are deaf and wait until the next try is due or asked for."""
        was_listening = self._health.is_listening
        self._health.deaf(error.problem)
        now = self._clock.now()
        seconds = (self._next_try(error, now) - now).total_seconds()
        if was_listening and type(error) is ConnectionLost:
            seconds = min(seconds, _WHILE_UNSTABLE_SECONDS)
        deadline = self._clock.monotonic_seconds() + seconds
        self._refuse_threads(error)
        while not self._stopping.is_set():
            self._refuse_heads(error)
            self._refuse_texts(error)
            self._refuse_parts(error)
            if self._requests.threads:
                if not isinstance(error, AuthRejected):
                    return  # somebody wants to send: the link may be back
                self._refuse_threads(error)
            if self._requests.take_check():
                # The network may have changed: then the first tries may be too early still.
                self._backoff.succeeded()
                return
            left = deadline - self._clock.monotonic_seconds()
            if left <= 0:
                return
            self._waker.wait(left)

    def _next_try(self, error: SupportDeskError, now: datetime) -> datetime:
        if isinstance(error, AuthRejected):
            seconds = _AFTER_FIRST_REFUSAL_SECONDS if self._was_let_in else _AFTER_REFUSAL_SECONDS
            self._was_let_in = False
            return self._backoff.failed(now, at_least_seconds=seconds)
        if isinstance(error, ServerBusy):
            return self._backoff.failed(
                now, at_least_seconds=_WHILE_BUSY_SECONDS, cap_seconds=_LONGEST_SECONDS
            )
        if isinstance(error, CertificateRejected | SettingsError):
            return self._backoff.failed(now, cap_seconds=_LONGEST_SECONDS)
        return self._backoff.failed(now)

    def _refuse_threads(self, error: SupportDeskError) -> None:
        """What was not checked is said not to be: nothing is sent on the strength of it."""
        for token in self._requests.threads:
            self._requests.thread_checked(
                token, self._settings.name, self._publisher, error.problem
            )

    def _refuse_heads(self, error: SupportDeskError) -> None:
        while (message_id := self._requests.take_head()) is not None:
            from supportdesk.domain.send_events import HeadFetched

            self._publisher.publish(
                HeadFetched(
                    account=self._settings.name,
                    message_id=message_id,
                    head=None,
                    problem=f"{error.title}.",
                )
            )

    def _refuse_texts(self, error: SupportDeskError) -> None:
        """Answer at once what cannot be fetched now: somebody waits for it."""
        while (message_id := self._requests.take_text()) is not None:
            text = self._cached_text(message_id)
            self._publisher.publish(
                MessageTextFetched(
                    account=self._settings.name,
                    message_id=message_id,
                    text=text,
                    problem="" if text else f"{error.title}.",
                )
            )

    def _refuse_parts(self, error: SupportDeskError) -> None:
        """As with texts; what is on its way already goes on when we listen again."""
        if not self._requests.were_files_asked:
            return
        while (given_up := self._requests.take_given_up()) is not None:
            self._downloads.give_up(*given_up)
        while (wanted := self._requests.take_part()) is not None:
            self._downloads.refuse(*wanted, problem=f"{error.title}.")

    @cached_property
    def _downloads(self) -> "PartDownloads":
        """Of all connections."""
        # With the first file that is asked for.
        from supportdesk.adapters.attachment_store import AttachmentStore
        from supportdesk.adapters.mail.part_download import PartDownloads

        return PartDownloads(
            account=self._settings.name,
            store=AttachmentStore.beside(self._cache_path),
            publisher=self._publisher,
            clock=self._clock,
        )

    def _cached_text(self, message_id: MessageId) -> MessageText | None:
        if self._cache is None:
            return None
        try:
            return self._cache.text(self._settings.name, message_id)
        except StoreError:
            self._close_cache()
            return None


def _stopped(settings: MailSettings) -> SupportDeskError:
    return ConnectionLost(
        f"The account {settings.name} is not listened to any more", "Look into Settings."
    )
