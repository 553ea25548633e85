"""A make-believe week of a founder: 18 of 30 minutes."""

from __future__ import annotations

from datetime import date, timedelta

from supportdesk.domain.week import WeekId
from supportdesk.ui.rows import (
    Action,
    ActionButton,
    DayBar,
    SpanKind,
    SpanRow,
    TalkCard,
    WeekDot,
    WeekView,
)

MONDAY = date(2026, 11, 16)
_MINUTES = (
    (3.0, 1.2, 0.0),
    (2.1, 0.0, 0.0),
    (2.4, 0.9, 4.0),
    (0.0, 0.0, 0.0),
    (2.6, 1.8, 0.0),
    (0.0, 0.0, 0.0),
    (0.0, 0.0, 0.0),
)
_NAMES = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_WEEKS = (31, 12, 30, 34, None, None, 22, 30, 8, 33, 27, 18)


def _dot_words(monday: date, minutes: int | None) -> str:
    words = "a week off" if minutes is None else f"{minutes} of 30 minutes"
    return f"{WeekId(from_date=monday).label}: {words}"


WEEK = WeekView(
    bounds_label="Mon 16 – Sun 22 Nov",
    total_minutes=18,
    total_label="18",
    goal_minutes=30,
    sentence="12 to go. Two mails like this morning's and one call.",
    chosen_day=MONDAY + timedelta(days=2),
    days=tuple(
        DayBar(
            day=MONDAY + timedelta(days=at),
            weekday=name,
            number=str(16 + at),
            read_minutes=read,
            reply_minutes=reply,
            talk_minutes=talk,
            is_future=at > 4,
        )
        for at, (name, (read, reply, talk)) in enumerate(zip(_NAMES, _MINUTES, strict=True))
    ),
    adding_to=MONDAY + timedelta(days=2),
    chosen_title="Wednesday 18 Nov",
    chosen_sentence="7:18 counted, 2:30 not counted",
    spans=(
        SpanRow(
            key="s1",
            item="mail-s1",
            time_label="16:42",
            kind=SpanKind.TALK,
            what="Talk with Pavel Kiss",
            how="His call, answered by you after 2 rings",
            counted_label="4:00",
        ),
        SpanRow(
            key="s2",
            item="mail-s2",
            time_label="09:20",
            kind=SpanKind.READ,
            what="Tomasz Wrona: import of recipes",
            how="Read, 210 words",
            counted_label="1:36",
        ),
        SpanRow(
            key="s3",
            item="mail-s3",
            time_label="09:14",
            kind=SpanKind.REPLY,
            what="Reply to Deirdre Walsh",
            how="Writing, two keystroke beats",
            counted_label="0:54",
        ),
        SpanRow(
            key="s4",
            item="mail-s4",
            time_label="08:58",
            kind=SpanKind.READ,
            what="Ingrid Solheim: Order sheet twice?",
            how="Read, 140 words",
            counted_label="0:48",
            dropped_line="2:10 not counted: the screen was locked at 08:59",
        ),
        SpanRow(
            key="s5",
            item="mail-s5",
            time_label="08:57",
            kind=SpanKind.ROBOT,
            what="Mill delivery notice",
            how="Robot mail earns nothing",
            counted_label="0:00",
            dropped_line="0:20 not counted: sent by a machine",
        ),
    ),
    twelve_weeks=tuple(
        WeekDot(
            start=MONDAY - timedelta(weeks=11 - at),
            minutes=minutes,
            is_current=at == 11,
            is_chosen=at == 11,
            is_off=minutes is None,
            label=f"{minutes}" if minutes is not None else "off",
            accessible_text=_dot_words(MONDAY - timedelta(weeks=11 - at), minutes),
        )
        for at, minutes in enumerate(_WEEKS)
    ),
    twelve_weeks_sentence="5 of 9 reached 30",
    talk=TalkCard(
        days="2",
        sentence="Pavel Kiss, Wednesday 16:42, 4 min.\nHe closes at two on Saturdays.",
        button=ActionButton(
            action=Action.CALL_BACK,
            label="Call back Maison Aubry",
            target="m1",
            icon="phone-out",
        ),
        note="Oldest missed call, 1 h 20",
    ),
)
