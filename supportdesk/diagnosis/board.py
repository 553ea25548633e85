"""What the page "Is it working?" shows of this computer, looked at when asked.

How to look is loaded with the first question: a quiet tray is never asked.
"""

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from supportdesk.adapters.desktop.alert_chain import AlertChain
from supportdesk.adapters.desktop.do_not_disturb import DoNotDisturb
from supportdesk.adapters.desktop.sounds import SoundPlayer
from supportdesk.adapters.secrets import KeyringSecrets, SecretsDiagnosis
from supportdesk.adapters.worker_signals import emit_if_heard
from supportdesk.core import Core
from supportdesk.domain.alerts import AlertKind, Happened, Notice
from supportdesk.domain.health import PartCheck, PartHealth, SourceName, TrialStep
from supportdesk.services.ports import AlertResponse

if TYPE_CHECKING:
    from supportdesk.adapters.storage.mail_pruning import CacheSizes
    from supportdesk.diagnosis.trial import Trial

_REMEMBERED_SECONDS = 600.0
_NEWEST_CALLS = 50


class Diagnosis(QObject):
    """Looks at each part when asked; what takes time is asked in a thread and remembered.

    Signals:
        changed: The key store has answered, desk.db and the copy of the mail were looked through,
            who shows alerts has changed, or a step of the test has.
    """

    changed = Signal()
    _diagnosed = Signal(object, str, object)

    def __init__(
        self,
        core: Core,
        secrets: KeyringSecrets,
        presenters: AlertChain | None,
        *,
        sounds: SoundPlayer | None = None,
        tray: Callable[[], PartHealth] | None = None,
        quiet: DoNotDisturb | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._core = core
        self._secrets = secrets
        self._presenters = presenters
        self._sounds = sounds or SoundPlayer(parent=self)
        self._tray = tray
        self._quiet = quiet
        self._trial: Trial | None = None
        self._last_events: dict[SourceName, datetime] = {}
        self._earlier_calls: dict[SourceName, datetime] | None = None
        self._key_store: SecretsDiagnosis | None = None
        self._desk_db = ""
        self._cache: CacheSizes | None = None
        self._asked_at = 0.0
        self._is_asking = False
        self._diagnosed.connect(self._answered)
        core.runner.noticed.connect(self._noticed)
        core.answering.unsent_changed.connect(self.changed)
        if presenters is not None:
            presenters.available_changed.connect(self.changed)
        if quiet is not None:
            quiet.changed.connect(self.changed)

    def parts(self) -> tuple[PartHealth, ...]:
        """All parts as they are now; key store and desk.db as they were when last looked at."""
        from supportdesk.diagnosis import parts
        from supportdesk.diagnosis.outbox_part import outbox_health
        from supportdesk.diagnosis.silence_part import silence_health

        self._ask()
        return (
            *self.desktop_parts(),
            parts.key_store_health(self._key_store),
            parts.settings_health(self._core),
            parts.desk_health(self._core, self._desk_db),
            parts.cache_health(self._cache, self._core.settings.cache),
            *outbox_health(self._core),
            *parts.hook_health(self._core),
            *parts.nudge_health(self._core),
            *silence_health(self._core),
            parts.version_health(),
        )

    def desktop_parts(self) -> Iterator[PartHealth]:
        """Who shows alerts now, and where the icon is."""
        from supportdesk.diagnosis.desktop_parts import alerts_health

        if self._presenters is not None:
            yield alerts_health(self._presenters.states(), tuple(self._quiet_check()))
        if self._tray is not None:
            yield self._tray()

    def report(self) -> str:
        """A text for whoever helps: states and sorts of errors, no names, addresses or secrets."""
        from supportdesk.diagnosis.report import report_text

        store = None if self._key_store is None else self._key_store.store or "none"
        return report_text(
            self._core.desk.health.healths(),
            self.parts(),
            self.trial_steps(),
            key_store=store,
            unknown_settings=len(self._core.settings_warnings),
            now=self._core.clock.now(),
        )

    def last_events(self) -> Mapping[SourceName, datetime]:
        """When the last mail or call of each source came."""
        found = {**self._calls_before(), **self._last_events}
        for conversation in self._core.desk.inbox.conversations():
            for message in conversation.messages:
                at = found.get(message.account)
                if at is None or at < message.arrived_at:
                    found[message.account] = message.arrived_at
        return found

    def _calls_before(self) -> dict[SourceName, datetime]:
        """Of each phone the newest call that an earlier run had kept; asked once."""
        if self._earlier_calls is None:
            newest_last = reversed(self._core.store.older_calls(None, _NEWEST_CALLS))
            self._earlier_calls = {call.phone: call.started_at for call in newest_last}
        return self._earlier_calls

    # --- the test button ---------------------------------------------------------------------

    def begin_trial(self) -> None:
        """Try everything once more; a test that runs is given up."""
        from supportdesk.diagnosis.trial import Trial

        if self._trial is not None:
            self._trial.stop()
            self._trial.deleteLater()
        self._trial = Trial(self._core, self._presenters, self._sounds, parent=self)
        self._trial.step.connect(lambda _step: self.changed.emit())
        self._trial.begin()

    def trial_steps(self) -> tuple[TrialStep, ...]:
        return () if self._trial is None else self._trial.steps

    def heard(self, response: AlertResponse) -> bool:
        """A click; True when it was on the alert of a test, and means nothing more."""
        return self._trial is not None and self._trial.heard(response)

    # --- inside ------------------------------------------------------------------------------

    def _noticed(self, notice: Notice) -> None:
        if isinstance(notice, Happened) and notice.kind is not AlertKind.HEALTH:
            self._last_events[notice.source] = notice.at

    def _quiet_check(self) -> Iterable[PartCheck]:
        from supportdesk.diagnosis.desktop_parts import do_not_disturb_check

        if self._quiet is None:
            return ()
        return do_not_disturb_check(
            self._quiet.program,
            is_on=self._quiet.is_on if self._quiet.is_known else None,
            breaks_through=self._core.settings.alerts.breakthrough,
        )

    def _ask(self) -> None:
        now = self._core.clock.monotonic_seconds()
        is_known = self._key_store is not None and now - self._asked_at < _REMEMBERED_SECONDS
        if self._is_asking or is_known:
            return
        self._is_asking = True
        self._asked_at = now
        places = self._core.places

        def ask() -> None:
            from supportdesk.adapters.storage.looking_through import checked_whole
            from supportdesk.diagnosis.parts import measured_cache

            diagnosis = self._secrets.diagnose()
            found = checked_whole(places.desk_db)
            sizes = measured_cache(places.mail_db)
            emit_if_heard(self._diagnosed, diagnosis, found, sizes)

        threading.Thread(target=ask, name="diagnosis", daemon=True).start()

    @Slot(object, str, object)
    def _answered(
        self, diagnosis: SecretsDiagnosis, found: str, sizes: "CacheSizes | None"
    ) -> None:
        self._is_asking = False
        self._key_store = diagnosis
        self._desk_db = found
        self._cache = sizes
        self.changed.emit()
