"""Puts right what the log says of a span, or enters time that no clock saw (F64)."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time
from functools import partial

from PySide6.QtCore import QObject, Qt

from supportdesk.domain.hours import ToLocal, instants_of
from supportdesk.domain.reading import EARLIEST, Span, SpanKind
from supportdesk.services.act_words import clock_there
from supportdesk.services.log_corrections import CorrectionRefused, LogAct, LogCorrections
from supportdesk.ui import rows
from supportdesk.ui.controllers.acts import Acts
from supportdesk.ui.main_window import MainWindow
from supportdesk.ui.presenter.span_entry import (
    NotUnderstood,
    day_words,
    length_words,
    past_day_in,
    seconds_in,
    time_in,
)
from supportdesk.ui.rows.span_form import SpanEntry, SpanField, SpanForm, SpanTask
from supportdesk.ui.theme.theme import Theme

Done = Callable[[tuple[LogAct, ...]], None]
"""Told what was done, in its order, once it is in the log."""
_Step = tuple[SpanField, Callable[[Span], LogAct]]

_KINDS = {
    rows.SpanKind.READ: SpanKind.READ,
    rows.SpanKind.REPLY: SpanKind.REPLY,
    rows.SpanKind.TALK: SpanKind.TALK,
}
_NO_REASON = "A few words, so that the log explains itself."
_NOBODY = "Say with whom it was, or about what."
_NO_CHANGE = "Nothing here is another yet. Delete takes the whole of it off."
_TITLES = {SpanTask.CORRECT: "Correct the log", SpanTask.DELETE: "Delete from the log"}


class _Refused(Exception):
    """What is said in the form; `field` is None where it is about all of it."""

    def __init__(self, why: str, field: SpanField | None = None) -> None:
        super().__init__(why)
        self.why = why
        self.field = field


class SpanEditor(QObject):
    """All that is saved together holds or is taken back together."""

    def __init__(
        self,
        window: MainWindow,
        corrections: LogCorrections,
        acts: Acts,
        *,
        theme: Theme,
        to_local: ToLocal,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._corrections = corrections
        self._acts = acts
        self._theme = theme
        self._to_local = to_local

    def correct(self, span: Span, done: Done) -> None:
        """Ask for another length or start."""
        self._ask(span, SpanTask.CORRECT, done)

    def delete(self, span: Span, done: Done) -> None:
        """Ask only why."""
        self._ask(span, SpanTask.DELETE, done)

    def add(self, day: date, done: Done) -> None:
        """Ask for time of this local day that no clock saw."""
        form = SpanForm(
            task=SpanTask.ADD,
            title="Add time",
            about="What no clock of this computer saw: a visit, a call on your mobile.",
            entry=SpanEntry(day=day_words(day, self._today())),
        )
        self._open(form, {"saved": lambda entry: (self._add(entry),)}, done)

    # --- the form ----------------------------------------------------------------------

    def _ask(self, span: Span, task: SpanTask, done: Done) -> None:
        entry = self._entry_of(span)
        what = f"Talk with {span.label}" if span.kind is SpanKind.TALK else span.label
        form = SpanForm(
            task=task,
            title=_TITLES[task],
            about=f"{what}, {entry.day} {entry.start}{self._there(span)}, {entry.length} counted",
            entry=entry,
        )
        handlers = {
            "saved": partial(self._change, span, entry),
            "delete_asked": partial(self._delete, span),
        }
        self._open(form, handlers, done)

    def _open(
        self,
        form: SpanForm,
        handlers: Mapping[str, Callable[[SpanEntry], tuple[LogAct, ...]]],
        done: Done,
    ) -> None:
        # Rarely asked for: a quiet window does without it.
        from supportdesk.ui.week.span_dialog import SpanDialog

        dialog = SpanDialog(self._theme, form, self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

        def attempt(act: Callable[[SpanEntry], tuple[LogAct, ...]], entry: SpanEntry) -> None:
            try:
                acts = act(entry)
            except (_Refused, NotUnderstood) as refused:
                dialog.refuse(refused.why, refused.field)
            else:
                dialog.accept()
                done(acts)

        if "saved" in handlers:
            dialog.saved.connect(partial(attempt, handlers["saved"]))
        if "delete_asked" in handlers:
            dialog.delete_asked.connect(partial(attempt, handlers["delete_asked"]))
        dialog.open()

    def _entry_of(self, span: Span) -> SpanEntry:
        """As the list shows it: by the clock on the wall where it was."""
        local = span.started_at + span.utc_offset
        return SpanEntry(
            who=span.label,
            day=day_words(local.date(), self._today(span)),
            start=f"{local:%H:%M}",
            length=length_words(span.counted_seconds),
        )

    # --- what is done ------------------------------------------------------------------

    def _change(self, span: Span, was: SpanEntry, entry: SpanEntry) -> tuple[LogAct, ...]:
        now = self._acts.now()
        steps: list[_Step] = []
        started_at = self._start_of(span, was, entry)
        if entry.length != was.length:
            seconds = seconds_in(entry.length)
            steps.append(
                (
                    SpanField.LENGTH,
                    lambda one: self._corrections.set_length(one, seconds, entry.reason, now),
                )
            )
        if started_at != span.started_at:
            move: _Step = (
                SpanField.START,
                lambda one: self._corrections.move(one, started_at, entry.reason, now),
            )
            # Further back there is room for a longer one; further on for a shorter one.
            steps.insert(0 if started_at < span.started_at else len(steps), move)
        if not steps:
            raise _Refused(_NO_CHANGE)
        self._check_reason(entry)
        return self._do_all(span, steps, now)

    def _delete(self, span: Span, entry: SpanEntry) -> tuple[LogAct, ...]:
        self._check_reason(entry)
        now = self._acts.now()
        delete = partial(self._corrections.delete, reason=entry.reason, now=now)
        return self._do_all(span, [(SpanField.REASON, delete)], now)

    def _add(self, entry: SpanEntry) -> LogAct:
        now = self._acts.now()
        if not entry.who:
            raise _Refused(_NOBODY, SpanField.WHO)
        started_at = self._instant_here(entry)
        seconds = seconds_in(entry.length)
        self._check_reason(entry)
        try:
            return self._corrections.add(
                kind=_KINDS[entry.kind],
                item="",
                label=entry.who,
                started_at=started_at,
                counted_seconds=seconds,
                reason=entry.reason,
                now=now,
            )
        except CorrectionRefused as refused:
            raise _Refused(_said(refused), _culprit(started_at, now)) from refused

    def _do_all(self, span: Span, steps: list[_Step], now: datetime) -> tuple[LogAct, ...]:
        acts: list[LogAct] = []
        for field, step in steps:
            try:
                act = step(span)
            except Exception as error:
                # All of it or nothing, whatever it was that failed.
                for _ in acts:
                    self._corrections.undo(now)
                if isinstance(error, CorrectionRefused):
                    raise _Refused(_said(error), field) from error
                raise
            acts.append(act)
            span = act.spans[-1]
        return tuple(acts)

    @staticmethod
    def _check_reason(entry: SpanEntry) -> None:
        if not entry.reason:
            raise _Refused(_NO_REASON, SpanField.REASON)

    # --- time --------------------------------------------------------------------------

    def _today(self, span: Span | None = None) -> date:
        """Here, or where a span was."""
        now = self._acts.now()
        return (now + span.utc_offset if span else self._to_local(now)).date()

    def _there(self, span: Span) -> str:
        return clock_there(span.utc_offset, self._to_local(span.started_at).utcoffset())

    def _start_of(self, span: Span, was: SpanEntry, entry: SpanEntry) -> datetime:
        """By the clock that the form shows it by; to the second as it was while its words are."""
        if (entry.day, entry.start) == (was.day, was.start):
            return span.started_at
        day = past_day_in(entry.day, self._today(span))
        unsaid = (span.started_at + span.utc_offset).time()
        at = time_in(entry.start, unsaid)
        return datetime.combine(day, at, tzinfo=UTC) - span.utc_offset

    def _instant_here(self, entry: SpanEntry) -> datetime:
        """Of a time on the clock here, in a doubled hour the first."""
        day, at = past_day_in(entry.day, self._today()), time_in(entry.start)
        instants = instants_of(day, at, self._to_local)
        if not instants:
            raise _Refused(_skipped(day, at), SpanField.START)
        return instants[0]


def _skipped(day: date, at: time) -> str:
    words = f"There was no {at:%H:%M} on {day.day} {day:%b}: the clocks were put forward over it."
    return f"{words} Write a time before or after that."


def _culprit(started_at: datetime, now: datetime) -> SpanField:
    """The field beside which a refused addition is explained."""
    if started_at < EARLIEST:
        return SpanField.DAY
    return SpanField.START if started_at > now else SpanField.LENGTH


def _said(refused: CorrectionRefused) -> str:
    return f"{refused.title}. {refused.advice}"
