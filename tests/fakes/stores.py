"""A desk store in memory: what one run saves, the next one finds."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from supportdesk.domain.alerts import Alert, Decision, PopupRecord
from supportdesk.domain.calls import Call
from supportdesk.domain.health import PastTrouble, SourceName
from supportdesk.domain.people import CallNote, Person
from supportdesk.domain.reading import Span, SpanKind
from supportdesk.services.call_records import Gap
from supportdesk.services.log_settling import settling_rows
from supportdesk.services.log_union import JoinedSpans, SpanJoining
from supportdesk.services.ports import Baseline, PhoneMemory


class MemoryDeskStore:
    """DeskStore without a disk. Its attributes are open for looking at what was saved."""

    def __init__(self) -> None:
        self.ledger: dict[str, datetime] = {}
        self.first_looks: dict[tuple[SourceName, str], Baseline] = {}
        self.alerts: dict[str, Alert] = {}
        self.calls: dict[str, Call] = {}
        self.read: dict[str, datetime] = {}
        self.no_reply: dict[str, datetime] = {}
        self.filed: dict[str, str] = {}
        self.judged: dict[str, bool] = {}
        self.heard_at: datetime | None = None
        self.spans: dict[str, Span] = {}
        self.memories: dict[SourceName, PhoneMemory] = {}
        self.untold_keys: set[str] = set()
        self.told_alerts: dict[str, Alert] = {}
        self.decided: list[Decision] = []
        self.last_troubles: dict[SourceName, PastTrouble] = {}
        self.on_screen: dict[str, PopupRecord] = {}
        self.paused: tuple[datetime, datetime] | None = None
        self.persons: dict[str, Person] = {}
        self.notes: dict[str, CallNote] = {}
        self.gaps: dict[tuple[SourceName, datetime], Gap] = {}

    def tell(self, keys: Iterable[str], at: datetime) -> list[str]:
        fresh = [key for key in dict.fromkeys(keys) if key not in self.ledger]
        self.ledger.update(dict.fromkeys(fresh, at))
        return fresh

    def told(self, keys: Iterable[str]) -> set[str]:
        return {key for key in keys if key in self.ledger}

    def baseline(self, account: SourceName, mailbox: str) -> Baseline | None:
        return self.first_looks.get((account, mailbox))

    def baselines(self, account: SourceName) -> list[Baseline]:
        known = [one for one in self.first_looks.values() if one.account == account]
        return sorted(known, key=lambda one: one.mailbox)

    def save_baseline(self, baseline: Baseline) -> None:
        self.first_looks[baseline.account, baseline.mailbox] = baseline

    def save_alert(self, alert: Alert) -> None:
        self.alerts[alert.key] = alert

    def remove_alert(self, key: str) -> None:
        self.alerts.pop(key, None)

    def open_alerts(self) -> list[Alert]:
        return sorted(self.alerts.values(), key=lambda alert: alert.at)

    def save_untold(self, keys: Iterable[str]) -> None:
        self.untold_keys.update(keys)

    def clear_untold(self, keys: Iterable[str]) -> None:
        self.untold_keys.difference_update(keys)

    def untold(self) -> set[str]:
        return set(self.untold_keys)

    def save_told(self, alert: Alert, at: datetime) -> None:
        self.told_alerts[alert.key] = replace(alert, at=at)

    def told_alert(self, key: str) -> Alert | None:
        return self.told_alerts.get(key)

    def save_decision(self, decision: Decision) -> None:
        self.decided.append(decision)

    def decisions(self, about: str, limit: int) -> list[Decision]:
        found = [one for one in self.decided if not about or about in (one.key, one.alert_key)]
        return found[::-1][:limit]

    def prune_alert_memory(self, before: datetime, keep: int) -> None:
        newest = sorted(self.told_alerts.values(), key=lambda one: one.at)[-keep:]
        self.told_alerts = {one.key: one for one in newest if one.at >= before}
        self.decided = [one for one in self.decided[-keep:] if one.at >= before]

    def save_popup(self, popup: PopupRecord) -> None:
        self.on_screen[popup.alert_key] = popup

    def remove_popup(self, alert_key: str) -> None:
        self.on_screen.pop(alert_key, None)

    def popups(self) -> list[PopupRecord]:
        return sorted(self.on_screen.values(), key=lambda one: one.alert_key)

    def save_trouble(self, source: SourceName, trouble: PastTrouble) -> None:
        self.last_troubles[source] = trouble

    def troubles(self) -> dict[SourceName, PastTrouble]:
        return dict(self.last_troubles)

    def save_call(self, call: Call) -> None:
        self.calls[call.key] = call

    def save_calls(self, calls: Iterable[Call]) -> None:
        self.calls |= {call.key: call for call in calls}

    def calls_since(self, at: datetime) -> list[Call]:
        found = [call for call in self.calls.values() if call.started_at >= at]
        return sorted(found, key=lambda call: call.started_at)

    def older_calls(self, than: Call | None, limit: int) -> list[Call]:
        def place(call: Call) -> tuple[datetime, str, str]:
            return call.started_at, call.call_id, call.phone

        older = [call for call in self.calls.values() if than is None or place(call) < place(than)]
        return sorted(older, key=place, reverse=True)[:limit]

    def mark_read(self, key: str, at: datetime) -> None:
        self.read.setdefault(key, at)

    def read_keys(self) -> set[str]:
        return set(self.read)

    def set_needs_no_reply(self, key: str, at: datetime) -> None:
        self.no_reply[key] = at

    def clear_needs_no_reply(self, key: str) -> None:
        self.no_reply.pop(key, None)

    def needs_no_reply_keys(self) -> set[str]:
        return set(self.no_reply)

    def file_by_hand(self, key: str, conversation: str, at: datetime) -> None:
        self.filed[key] = conversation

    def clear_filed_by_hand(self, key: str) -> None:
        self.filed.pop(key, None)

    def filed_by_hand(self) -> dict[str, str]:
        return dict(self.filed)

    def judge_sender(self, email: str, at: datetime, *, is_robot: bool) -> None:
        self.judged[email] = is_robot

    def clear_judged_sender(self, email: str) -> None:
        self.judged.pop(email, None)

    def judged_senders(self) -> dict[str, bool]:
        return dict(self.judged)

    def last_heard_at(self) -> datetime | None:
        return self.heard_at

    def save_last_heard(self, at: datetime) -> None:
        self.heard_at = at

    def pause(self) -> tuple[datetime, datetime] | None:
        return self.paused

    def save_pause(self, pause: tuple[datetime, datetime] | None) -> None:
        self.paused = pause

    def phone_memory(self, phone: SourceName) -> PhoneMemory | None:
        return self.memories.get(phone)

    def save_phone_memory(self, memory: PhoneMemory) -> None:
        self.memories[memory.phone] = memory

    def save_gap(self, gap: Gap) -> None:
        self.gaps[gap.phone, gap.since] = gap

    def newest_gaps(self, limit: int) -> list[Gap]:
        return sorted(self.gaps.values(), key=lambda gap: (gap.until, gap.phone))[-limit:]

    def people(self) -> list[Person]:
        return sorted(self.persons.values(), key=lambda one: one.key)

    def save_person(self, person: Person) -> None:
        for other in self.people():
            self.persons[other.key] = replace(
                other,
                emails=tuple(one for one in other.emails if one not in person.emails),
                numbers=tuple(one for one in other.numbers if one not in person.numbers),
            )
        self.persons[person.key] = person

    def remove_person(self, key: str) -> None:
        self.persons.pop(key, None)

    def call_notes(self) -> list[CallNote]:
        return sorted(self.notes.values(), key=lambda note: (note.at, note.key))

    def save_call_note(self, note: CallNote) -> None:
        self.notes[note.key] = note

    def remove_call_note(self, key: str) -> None:
        self.notes.pop(key, None)

    def append_span(self, span: Span) -> None:
        self.spans[span.span_id] = span

    def spans_between(self, start: datetime, end: datetime) -> list[Span]:
        found = [span for span in self.spans.values() if start <= span.started_at < end]
        return sorted(found, key=lambda span: span.started_at)

    def append_act(self, spans: Sequence[Span]) -> None:
        for span in spans:
            self.append_span(span)

    def spans_of_act(self, act: str) -> list[Span]:
        return [span for span in self.spans.values() if act and span.act == act]

    def newest_acts(self, before: str, limit: int) -> list[Span]:
        acts = {span.act for span in self.spans.values() if span.act}
        newest = sorted((act for act in acts if not before or act < before), reverse=True)[:limit]
        return [span for span in self.spans.values() if span.act in newest]

    def newest_talks(self, before: datetime | None) -> list[Span]:
        talks = [span for span in self.spans.values() if span.kind is SpanKind.TALK]
        older = [talk for talk in talks if before is None or talk.started_at < before]
        newest = max((talk.started_at for talk in older), default=None)
        return [talk for talk in older if talk.started_at == newest]

    def all_spans(self) -> Iterator[Span]:
        yield from sorted(self.spans.values(), key=lambda span: (span.started_at, span.span_id))

    def join_spans(self, spans: Sequence[Span]) -> JoinedSpans:
        joining = SpanJoining(dict(self.spans))
        joined = joining.join(spans)
        self.spans |= joining.to_insert | joining.to_grow
        arrived = joining.to_insert.values()
        settling = settling_rows(arrived, begun_at=self._begun_at, of_act=self.spans_of_act)
        self.spans |= {span.span_id: span for span in settling}
        return joined

    def _begun_at(self, at: datetime) -> list[Span]:
        return [span for span in self.spans.values() if span.started_at == at]

    def delete_all_spans(self) -> int:
        count = len(self.spans)
        self.spans.clear()
        return count
