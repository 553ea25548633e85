"""desk.db behind a disk that may be full: what cannot be written now is written later, in order.

The desk folds an event into its memory and into the store in one go. Were an error of the disk to
come out in the middle, half of the event would be lost, and trying again would do the other half
twice. So the desk never sees one: writes wait here, reads answer as if they were done, and the
founder is told while alerts go on. Only what still waits when the process dies is lost. Over 400
lines, for it is one port, with a method or two for each table.
"""

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Protocol, TypeVar

from supportdesk.domain.alerts import Alert, Decision, PopupRecord
from supportdesk.domain.calls import Call
from supportdesk.domain.errors import StoreError
from supportdesk.domain.health import PastTrouble, SourceName
from supportdesk.domain.people import CallNote, Person
from supportdesk.domain.reading import Span, SpanKind
from supportdesk.services.call_records import Gap
from supportdesk.services.ports import Baseline, DeskStore, PhoneMemory

if TYPE_CHECKING:
    from supportdesk.services.log_union import JoinedSpans

_log = logging.getLogger(__name__)

T = TypeVar("T")
WriteKey = tuple[str, ...]
Write = Callable[[], object]


class DiskStore(DeskStore, Protocol):
    """The store that is waited for."""

    def told(self, keys: Iterable[str]) -> set[str]: ...

    def begin(self) -> None: ...

    def commit(self) -> None: ...

    def roll_back(self) -> None: ...

    def close(self) -> None: ...


class PatientDeskStore:
    """DeskStore port that raises nothing for the disk's sake. Belongs to the store's thread.

    Args of the constructor:
        store: Where everything belongs.
        failing: Called, perhaps in the middle of a turn of the desk, when the disk fails.
    """

    def __init__(self, store: DiskStore, failing: Callable[[StoreError], None]) -> None:
        self._store = store
        self._tell_failing = failing
        self._last_failure: StoreError | None = None
        # A later write of the same row takes the place of an earlier one that waits.
        self._waiting: dict[WriteKey, Write] = {}
        self._baselines: dict[tuple[SourceName, str], Baseline] = {}
        self._spans: dict[str, Span] = {}
        self._decided = 0
        self._is_in_turn = False
        self._has_begun = False
        # What this turn has written: it waits too if the disk does not take the turn.
        self._written: list[tuple[WriteKey, Write]] = []

    @property
    def waiting(self) -> int:
        """How many writes wait for the disk."""
        return len(self._waiting)

    @contextmanager
    def turn(self) -> Iterator[None]:
        """What is written inside is kept as one, or not at all when the process dies meanwhile.

        A turn inside a turn is part of it. After an exception nothing of the turn is kept: the
        next run meets what was in it anew.
        """
        if self._is_in_turn:
            yield
            return
        self._is_in_turn = True
        try:
            yield
            self._commit()
        finally:
            self._roll_back()
            self._written.clear()
            self._is_in_turn = False

    def write_waiting(self) -> bool:
        """Try again, all as one; True when nothing waits any more."""
        try:
            if self._waiting:
                self._store.begin()
                for key, write in self._waiting.items():
                    self._write_late(key, write)
                self._store.commit()
        except StoreError as error:
            self._store.roll_back()
            self._failing(error)
            return False
        self._waiting.clear()
        self._baselines.clear()
        self._spans.clear()
        return True

    def write_all(self) -> None:
        """Nothing waits afterwards. Raises StoreError when the disk does not take it."""
        if not self.write_waiting() and self._last_failure is not None:
            raise self._last_failure

    def close(self) -> None:
        """Write what waits, if that goes; then let go."""
        if not self.write_waiting():
            _log.warning("%d changes could not be written to desk.db", len(self._waiting))
        self._store.close()

    # --- what happened ---------------------------------------------------------------------

    def tell(self, keys: Iterable[str], at: datetime) -> list[str]:
        wanted = list(dict.fromkeys(keys))
        if not self._waiting:
            try:
                self._begin()
                new = self._store.tell(wanted, at)
            except StoreError as error:
                self._failed(error)
            else:
                self._note((("told", key), partial(self._store.tell, [key], at)) for key in new)
                return new
        known = self.told(wanted)
        fresh = [key for key in wanted if key not in known]
        for key in fresh:
            self._waiting["told", key] = partial(self._store.tell, [key], at)
        return fresh

    def told(self, keys: Iterable[str]) -> set[str]:
        """Those that are in the ledger, or will be."""
        wanted = list(keys)
        nothing: set[str] = set()
        known = self._read(lambda: self._store.told(wanted), nothing)
        return known | {key for key in wanted if ("told", key) in self._waiting}

    def baseline(self, account: SourceName, mailbox: str) -> Baseline | None:
        waiting = self._baselines.get((account, mailbox))
        return waiting or self._read(lambda: self._store.baseline(account, mailbox), None)

    def baselines(self, account: SourceName) -> list[Baseline]:
        nothing: list[Baseline] = []
        found = self._read(lambda: self._store.baselines(account), nothing)
        known = {one.mailbox: one for one in found}
        waiting = [one for one in self._baselines.values() if one.account == account]
        known |= {one.mailbox: one for one in waiting}
        return [known[mailbox] for mailbox in sorted(known)]

    def save_baseline(self, baseline: Baseline) -> None:
        key = (baseline.account, baseline.mailbox)
        self._write(("baseline", *key), lambda: self._store.save_baseline(baseline))
        if self._waiting or self._is_in_turn:
            self._baselines[key] = baseline

    # --- alerts and calls ------------------------------------------------------------------

    def save_alert(self, alert: Alert) -> None:
        self._write(("alert", alert.key), lambda: self._store.save_alert(alert))

    def remove_alert(self, key: str) -> None:
        self._write(("alert", key), lambda: self._store.remove_alert(key))

    def open_alerts(self) -> list[Alert]:
        return self._read(self._store.open_alerts, [])

    def save_untold(self, keys: Iterable[str]) -> None:
        for key in keys:
            self._write(("untold", key), partial(self._store.save_untold, [key]))

    def clear_untold(self, keys: Iterable[str]) -> None:
        for key in keys:
            self._write(("untold", key), partial(self._store.clear_untold, [key]))

    def untold(self) -> set[str]:
        return self._read(self._store.untold, set())

    def save_told(self, alert: Alert, at: datetime) -> None:
        self._write(("told alert", alert.key), lambda: self._store.save_told(alert, at))

    def told_alert(self, key: str) -> Alert | None:
        return self._read(lambda: self._store.told_alert(key), None)

    def save_decision(self, decision: Decision) -> None:
        """Each is a row of its own, whatever else was decided on the same happening."""
        self._decided += 1
        self._write(("decision", str(self._decided)), lambda: self._store.save_decision(decision))

    def decisions(self, about: str, limit: int) -> list[Decision]:
        return self._read(lambda: self._store.decisions(about, limit), [])

    def prune_alert_memory(self, before: datetime, keep: int) -> None:
        self._write(("alert memory",), lambda: self._store.prune_alert_memory(before, keep))

    def save_popup(self, popup: PopupRecord) -> None:
        self._write(("popup", popup.alert_key), lambda: self._store.save_popup(popup))

    def remove_popup(self, alert_key: str) -> None:
        self._write(("popup", alert_key), lambda: self._store.remove_popup(alert_key))

    def popups(self) -> list[PopupRecord]:
        return self._read(self._store.popups, [])

    def save_trouble(self, source: SourceName, trouble: PastTrouble) -> None:
        self._write(("trouble", source), lambda: self._store.save_trouble(source, trouble))

    def troubles(self) -> dict[SourceName, PastTrouble]:
        return self._read(self._store.troubles, {})

    def save_call(self, call: Call) -> None:
        self._write(("call", call.key), lambda: self._store.save_call(call))

    def save_calls(self, calls: Sequence[Call]) -> None:
        if calls:
            self._write(("calls", calls[0].key), lambda: self._store.save_calls(calls))

    def calls_since(self, at: datetime) -> list[Call]:
        return self._read(lambda: self._store.calls_since(at), [])

    def older_calls(self, than: Call | None, limit: int) -> list[Call]:
        return self._read(lambda: self._store.older_calls(than, limit), [])

    # --- the founder's own marks -----------------------------------------------------------

    def mark_read(self, key: str, at: datetime) -> None:
        self._write(("read", key), lambda: self._store.mark_read(key, at))

    def read_keys(self) -> set[str]:
        return self._read(self._store.read_keys, set())

    def set_needs_no_reply(self, key: str, at: datetime) -> None:
        self._write(("no reply", key), lambda: self._store.set_needs_no_reply(key, at))

    def clear_needs_no_reply(self, key: str) -> None:
        self._write(("no reply", key), lambda: self._store.clear_needs_no_reply(key))

    def needs_no_reply_keys(self) -> set[str]:
        return self._read(self._store.needs_no_reply_keys, set())

    def file_by_hand(self, key: str, conversation: str, at: datetime) -> None:
        self._write(("filed", key), lambda: self._store.file_by_hand(key, conversation, at))

    def clear_filed_by_hand(self, key: str) -> None:
        self._write(("filed", key), lambda: self._store.clear_filed_by_hand(key))

    def filed_by_hand(self) -> dict[str, str]:
        return self._read(self._store.filed_by_hand, {})

    def judge_sender(self, email: str, at: datetime, *, is_robot: bool) -> None:
        self._write(
            ("sender", email), lambda: self._store.judge_sender(email, at, is_robot=is_robot)
        )

    def clear_judged_sender(self, email: str) -> None:
        self._write(("sender", email), lambda: self._store.clear_judged_sender(email))

    def judged_senders(self) -> dict[str, bool]:
        return self._read(self._store.judged_senders, {})

    def last_heard_at(self) -> datetime | None:
        return self._read(self._store.last_heard_at, None)

    def save_last_heard(self, at: datetime) -> None:
        self._write(("last heard",), lambda: self._store.save_last_heard(at))

    def pause(self) -> tuple[datetime, datetime] | None:
        return self._read(self._store.pause, None)

    def save_pause(self, pause: tuple[datetime, datetime] | None) -> None:
        self._write(("pause",), lambda: self._store.save_pause(pause))

    # --- phones ----------------------------------------------------------------------------

    def people(self) -> list[Person]:
        return self._read(self._store.people, [])

    def save_person(self, person: Person) -> None:
        self._write(("person", person.key), lambda: self._store.save_person(person))

    def remove_person(self, key: str) -> None:
        self._write(("person", key), lambda: self._store.remove_person(key))

    def call_notes(self) -> list[CallNote]:
        return self._read(self._store.call_notes, [])

    def save_call_note(self, note: CallNote) -> None:
        self._write(("note", note.key), lambda: self._store.save_call_note(note))

    def remove_call_note(self, key: str) -> None:
        self._write(("note", key), lambda: self._store.remove_call_note(key))

    def phone_memory(self, phone: SourceName) -> PhoneMemory | None:
        return self._read(lambda: self._store.phone_memory(phone), None)

    def save_phone_memory(self, memory: PhoneMemory) -> None:
        key = ("phone memory", memory.phone)
        self._write(key, lambda: self._store.save_phone_memory(memory))

    def save_gap(self, gap: Gap) -> None:
        key = ("gap", gap.phone, gap.since.isoformat())
        self._write(key, lambda: self._store.save_gap(gap))

    def newest_gaps(self, limit: int) -> list[Gap]:
        return self._read(lambda: self._store.newest_gaps(limit), [])

    # --- reading ---------------------------------------------------------------------------

    def append_span(self, span: Span) -> None:
        self._write(("span", span.span_id), lambda: self._store.append_span(span))
        if self._waiting or self._is_in_turn:
            self._spans[span.span_id] = span

    def spans_between(self, start: datetime, end: datetime) -> list[Span]:
        nothing: list[Span] = []
        on_disk = self._read(lambda: self._store.spans_between(start, end), nothing)
        if not self._spans:
            return on_disk
        spans = {span.span_id: span for span in on_disk} | self._spans
        found = [span for span in spans.values() if start <= span.started_at < end]
        return sorted(found, key=lambda span: span.started_at)

    def append_act(self, spans: Sequence[Span]) -> None:
        with self.turn():
            for span in spans:
                self.append_span(span)

    def spans_of_act(self, act: str) -> list[Span]:
        nothing: list[Span] = []
        on_disk = self._read(lambda: self._store.spans_of_act(act), nothing)
        return self._with_waiting(on_disk, lambda span: bool(act) and span.act == act)

    def newest_acts(self, before: str, limit: int) -> list[Span]:
        nothing: list[Span] = []
        on_disk = self._read(lambda: self._store.newest_acts(before, limit), nothing)
        found = self._with_waiting(
            on_disk, lambda span: bool(span.act) and (not before or span.act < before)
        )
        acts = sorted({span.act for span in found}, reverse=True)[:limit]
        return [span for span in found if span.act in acts]

    def newest_talks(self, before: datetime | None) -> list[Span]:
        nothing: list[Span] = []
        on_disk = self._read(lambda: self._store.newest_talks(before), nothing)
        found = self._with_waiting(
            on_disk,
            lambda span: (
                span.kind is SpanKind.TALK and (before is None or span.started_at < before)
            ),
        )
        newest = max((talk.started_at for talk in found), default=None)
        return [talk for talk in found if talk.started_at == newest]

    def all_spans(self) -> Iterator[Span]:
        """With those that wait for the disk. Raises StoreError."""
        waiting = dict(self._spans)
        for span in self._store.all_spans():
            yield waiting.pop(span.span_id, span)
        yield from waiting.values()

    def waiting_spans(self) -> list[Span]:
        """Those that the disk has not taken yet."""
        return list(self._spans.values())

    def join_spans(self, spans: Sequence[Span]) -> "JoinedSpans":
        """Raises StoreError: an import may be done again, so nothing of it waits here."""
        self.write_all()
        return self._store.join_spans(spans)

    def delete_all_spans(self) -> int:
        """Raises StoreError; what waits is written before, so that none of it comes after."""
        self.write_all()
        return self._store.delete_all_spans()

    # --- inside ----------------------------------------------------------------------------

    def _with_waiting(self, on_disk: list[Span], is_meant: Callable[[Span], bool]) -> list[Span]:
        """Spans of the disk and those that wait for it, which are further."""
        waiting = {name: span for name, span in self._spans.items() if is_meant(span)}
        return list(({span.span_id: span for span in on_disk} | waiting).values())

    def _write(self, key: WriteKey, write: Write) -> None:
        if not self._waiting:
            try:
                self._begin()
                write()
            except StoreError as error:
                self._failed(error)
            else:
                self._note([(key, write)])
                return
        self._waiting[key] = write

    def _write_late(self, key: WriteKey, write: Write) -> None:
        try:
            write()
        except StoreError:
            raise
        except Exception:  # noqa: BLE001 - one bug of ours must not hold up all that follows
            _log.exception("Mistake of ours: this could not be written: %s", key)

    def _begin(self) -> None:
        """A turn takes the lock only when it writes: most of them do not."""
        if self._is_in_turn and not self._has_begun:
            self._store.begin()
            self._has_begun = True

    def _commit(self) -> None:
        if not self._has_begun:
            return
        try:
            self._store.commit()
        except StoreError as error:
            self._failed(error)
            return
        self._has_begun = False
        self._baselines.clear()
        self._spans.clear()

    def _roll_back(self) -> None:
        if self._has_begun:
            self._has_begun = False
            self._store.roll_back()
            self._baselines.clear()
            self._spans.clear()

    def _note(self, writes: Iterable[tuple[WriteKey, Write]]) -> None:
        if self._is_in_turn:
            self._written.extend(writes)

    def _failed(self, error: StoreError) -> None:
        """The disk does not take it: all of this turn so far waits, in order."""
        if self._has_begun:
            self._has_begun = False
            self._store.roll_back()
        self._waiting.update(self._written)
        self._written.clear()
        self._failing(error)

    def _failing(self, error: StoreError) -> None:
        self._last_failure = error
        self._tell_failing(error)

    def _read(self, read: Callable[[], T], otherwise: T) -> T:
        try:
            return read()
        except StoreError as error:
            self._failing(error)
            return otherwise
