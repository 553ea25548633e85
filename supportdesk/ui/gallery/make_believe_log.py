"""A make-believe log that was put right by hand, and the forms about it."""

from __future__ import annotations

from dataclasses import replace

from supportdesk.domain.reading import Edit
from supportdesk.ui.gallery.make_believe_week import WEEK
from supportdesk.ui.rows import (
    Action,
    ActionButton,
    DayBar,
    EmptyView,
    Notice,
    SpanKind,
    SpanRow,
    TalkCard,
    Tone,
)
from supportdesk.ui.rows.span_form import SpanEntry, SpanForm, SpanTask

_UNDO = ActionButton(
    action=Action.UNDO_CORRECTION, label="Undo the cut", icon="refresh", shortcut="u"
)
_TALK, _READ, _REPLY, *_ = WEEK.spans
BY_HAND = replace(
    WEEK,
    chosen_sentence="11:54 counted, 5:26 not counted",
    undo=_UNDO.label,
    notice=Notice(title="Cut to 2:30: he put me on hold", tone=Tone.GOOD, buttons=(_UNDO,)),
    spans=(
        replace(
            _TALK,
            counted_label="2:30",
            how="His call, answered by you after 2 rings, cut by hand: he put me on hold",
            dropped_line="1:30 not counted: taken off by hand",
            is_by_hand=True,
            edit=Edit.CUT,
            before="was 4:00",
            span_id="s1",
        ),
        SpanRow(
            key="s0",
            span_id="s0",
            time_label="13:00",
            kind=SpanKind.TALK,
            what="Talk with Maison Aubry",
            how="Talk on the phone, added by hand: she came by the office",
            counted_label="7:00",
            is_by_hand=True,
            edit=Edit.ADDED,
        ),
        replace(
            _READ,
            counted_label="0:00",
            how="Read, 210 words, deleted by hand: it only lay open",
            dropped_line="1:36 not counted: taken off by hand",
            is_by_hand=True,
            edit=Edit.DELETED,
            before="was 1:36",
            span_id="s2",
        ),
        replace(
            _REPLY,
            how="Writing, moved here by hand: the clock was wrong",
            is_by_hand=True,
            edit=Edit.MOVED,
            before="was at Tue 17 Nov 21:14",
            span_id="s3",
        ),
        *WEEK.spans[3:],
    ),
)

FIRST_WEEK = replace(
    WEEK,
    total_minutes=0.0,
    total_label="0",
    sentence="30 to go.",
    chosen_sentence="",
    days=tuple(
        DayBar(day=day.day, weekday=day.weekday, number=day.number, is_future=day.is_future)
        for day in WEEK.days
    ),
    twelve_weeks=tuple(
        replace(
            dot,
            minutes=None if at < 11 else 0.0,
            is_off=False,
            label="–" if at < 11 else "0",
        )
        for at, dot in enumerate(WEEK.twelve_weeks)
    ),
    twelve_weeks_sentence="your first week",
    spans=(),
    talk=TalkCard(
        days="?",
        sentence="The log knows of no talk yet. The next waiting call can be yours.",
    ),
    empty=EmptyView(
        head="Nothing is counted yet.",
        sentence="Open a mail in the inbox and stay with it: its minutes come here by themselves,"
        " and so do those of your calls.",
        buttons=(ActionButton(action=Action.SHOW_INBOX, label="Open the inbox", icon="inbox"),),
    ),
)

CORRECT = SpanForm(
    task=SpanTask.CORRECT,
    title="Correct the log",
    about="Talk with Pavel Kiss, Wed 18 Nov 16:42, 4:00 counted",
    entry=SpanEntry(
        who="Pavel Kiss",
        day="Wed 18 Nov",
        start="16:42",
        length="14:00",
        reason="the line was bad, he rang twice",
    ),
)
REFUSED = (
    "14:00 is longer than it can have been. From Wed 18 Nov 16:42 until now there are 9:12:"
    " enter that or less."
)
ADD = SpanForm(
    task=SpanTask.ADD,
    title="Add time",
    about="What no clock of this computer saw: a visit, a call on your mobile.",
    entry=SpanEntry(day="Wed 18 Nov"),
)
