"""Alerts of all kinds around one book, in the order of their weight."""

from dataclasses import replace
from datetime import UTC, date, datetime, time

from supportdesk.domain.alerts import AlertKind
from supportdesk.domain.nudge import NudgeAnswer
from supportdesk.domain.settings import ReadingSettings
from supportdesk.domain.week import WeekId, week_of
from supportdesk.services.weekly_nudge import NudgeSources
from tests.fakes.happenings import (
    DeskRig,
    a_caller,
    a_member,
    a_message,
    arrived,
    joined,
    missed,
    settings_with,
)
from tests.fakes.promise_store import MemoryPromiseStore
from tests.unit.domain.test_promises import PROMISE


def test_what_matters_most_comes_first() -> None:
    kept = MemoryPromiseStore()
    kept.save_promise(PROMISE)
    rig = DeskRig(promises=kept).listen(a_member("Anna"))
    rig.wait_until(PROMISE.due)
    rig.apply(arrived(a_message(1, at=rig.now)))
    rig.apply(missed("9", at=3601))
    rig.apply(joined(a_caller("1")))
    rig.wait(30)
    kinds = [alert.kind for alert in rig.desk.alerts()]
    assert kinds == [AlertKind.WAITING, AlertKind.MISSED, AlertKind.PROMISE, AlertKind.MAIL]


def test_without_a_nudge_there_is_none_and_with_one_it_has_a_state() -> None:
    settings = replace(settings_with(), reading=ReadingSettings(nudge_at=time(9)))
    now = datetime(2026, 11, 20, 8, tzinfo=UTC)
    week = WeekId(from_date=date(2026, 11, 16))
    sources = NudgeSources(
        week=lambda _now: week_of((), week, goal_minutes=30), words=lambda _mails: {}
    )
    assert DeskRig(settings=settings, now=now).desk.nudge() is None
    state = DeskRig(settings=settings, nudge=sources, now=now).desk.nudge()
    assert state is not None
    assert (state.hour, state.answer) == (time(9), NudgeAnswer.TOO_EARLY)
