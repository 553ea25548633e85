"""Port MailSender for all accounts: each has its worker, made when it first has to send."""

from collections.abc import Callable
from pathlib import Path

from supportdesk.adapters.login_name import login_name
from supportdesk.adapters.mail.outbox_steps import OutboxSteps
from supportdesk.adapters.mail.outbox_worker import REST_SECONDS, OutboxWorker
from supportdesk.adapters.mail.outgoing_files import OutgoingFiles
from supportdesk.adapters.mail.sending_mark import mark_of
from supportdesk.adapters.mail.sending_secret import first_secret
from supportdesk.adapters.storage.mail_cache_reader import MailCacheReader
from supportdesk.domain.answers import Draft, DraftId
from supportdesk.domain.errors import SecretsUnavailable, SettingsError
from supportdesk.domain.health import SourceName
from supportdesk.domain.mail import MessageAddress, MessageId
from supportdesk.domain.send_events import SendFailed
from supportdesk.domain.sending import Outgoing
from supportdesk.domain.settings import MailSettings, Settings
from supportdesk.services.ports import Clock, Publisher, SecretStore


class AnswerSenders:
    """One thread calls it; the events come from the workers' threads."""

    def __init__(
        self,
        *,
        secrets: SecretStore,
        cache_path: Path,
        outgoing_dir: Path,
        installation: str,
        keeps_sent: Callable[[SourceName], bool | None],
        publisher: Publisher,
        clock: Clock,
        rest_seconds: float = REST_SECONDS,
    ) -> None:
        """`keeps_sent`: what was learnt of an account's server, asked on the caller's thread."""
        self._secrets = secrets
        self._cache_path = cache_path
        self._files = OutgoingFiles(outgoing_dir)
        self._installation = installation
        self._keeps_sent = keeps_sent
        self._publisher = publisher
        self._clock = clock
        self._rest_seconds = rest_seconds
        self._settings: dict[SourceName, MailSettings] = {}
        self._claim_as = ""
        self._workers: dict[SourceName, OutboxWorker] = {}

    def follow(self, settings: Settings) -> None:
        """Let go of the workers whose account is gone or another one now."""
        wanted = {one.name: one for one in settings.mail if one.smtp is not None}
        claim_as = settings.answering.claim_as
        for name, known in self._settings.items():
            if wanted.get(name) != known or claim_as != self._claim_as:
                self._let_go(name, limit_seconds=0.0)
        self._settings = wanted
        self._claim_as = claim_as

    def stop(self, limit_seconds: float) -> None:
        until = self._clock.monotonic_seconds() + limit_seconds
        for name in list(self._workers):
            left = max(0.0, until - self._clock.monotonic_seconds())
            self._let_go(name, limit_seconds=left)

    def freeze(self, draft: Draft) -> None:
        if worker := self._worker(draft.account, draft.draft_id):
            worker.freeze(draft)

    def copy_draft(self, draft: Draft) -> None:
        if worker := self._worker(draft.account, draft.draft_id):
            worker.copy_draft(draft)

    def remove_copy(self, draft: Draft) -> None:
        if worker := self._worker(draft.account, draft.draft_id):
            worker.remove_copy(draft)

    def mark(self, outgoing: Outgoing) -> None:
        if worker := self._worker_for(outgoing):
            worker.mark(outgoing)

    def unmark(self, outgoing: Outgoing) -> None:
        if worker := self._worker_for(outgoing):
            worker.unmark(outgoing)

    def send(self, outgoing: Outgoing) -> None:
        if worker := self._worker_for(outgoing):
            worker.send(outgoing)

    def go_on(self, draft_id: DraftId) -> None:
        for worker in self._workers.values():
            worker.go_on(draft_id)

    def give_up(self, draft_id: DraftId) -> None:
        for worker in self._workers.values():
            worker.give_up(draft_id)

    def look_for(self, outgoing: Outgoing) -> None:
        if worker := self._worker_for(outgoing):
            worker.look_for(outgoing)

    def file(self, outgoing: Outgoing) -> None:
        if worker := self._worker_for(outgoing):
            worker.file(outgoing, self._keeps_sent(outgoing.account))

    def flag(self, outgoing: Outgoing) -> None:
        if worker := self._worker_for(outgoing):
            worker.flag(outgoing)

    def discard(self, draft_id: DraftId) -> None:
        """Its wire form is needed no more."""
        self._files.remove(draft_id)

    def _worker_for(self, outgoing: Outgoing) -> OutboxWorker | None:
        return self._worker(outgoing.account, outgoing.draft_id)

    def _worker(self, account: SourceName, draft_id: DraftId) -> OutboxWorker | None:
        """None, and said to have failed, where the settings know no such account."""
        settings = self._settings.get(account)
        if settings is None:
            error = SettingsError(
                f"The settings do not say how to send for {account}",
                "Add the server that sends its mail in Settings.",
                key="smtp",
            )
            self._publisher.publish(
                SendFailed(account=account, draft_id=draft_id, problem=error.problem)
            )
            return None
        if account not in self._workers:
            self._workers[account] = self._made(settings)
        return self._workers[account]

    def _made(self, settings: MailSettings) -> OutboxWorker:
        steps = OutboxSteps(
            settings,
            files=self._files,
            mark=mark_of(self._claim_as or login_name(), self._installation),
            clock=self._clock,
            cached_place=lambda message_id: _place(self._cache_path, settings.name, message_id),
        )
        return OutboxWorker(
            settings,
            steps=steps,
            files=self._files,
            secret_of=lambda: self._secret(settings, settings.secret_name),
            sending_secret_of=lambda: self._secret(settings, *settings.sending_secret_names),
            publisher=self._publisher,
            clock=self._clock,
            rest_seconds=self._rest_seconds,
        )

    def _let_go(self, name: SourceName, *, limit_seconds: float) -> None:
        worker = self._workers.pop(name, None)
        if worker is not None:
            worker.stop(limit_seconds)

    def _secret(self, settings: MailSettings, *names: str) -> str:
        """The first that is kept; asked on the worker's thread, for a key store may take long."""
        if (found := first_secret(self._secrets, names)) is not None:
            return found
        raise SecretsUnavailable(
            f"No password is kept for {settings.name}",
            f"Type it in Settings, or run: supportdesk secret set {names[-1]}",
        )


def _place(cache: Path, account: SourceName, message_id: MessageId) -> MessageAddress | None:
    """Where mail.db last saw it; on a connection of the thread that asks."""
    reader = MailCacheReader(cache)
    try:
        message = reader.message(account, message_id)
        return message.address if message else None
    finally:
        reader.close()
