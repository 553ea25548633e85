"""A cut cable is said, and what was missed behind it is counted once it is back; so is a night off.

How long both take is measured by `python -m tests.bench.cable_cut`.
"""

import pytest

from supportdesk.domain.calls import MissedReason, Outcome
from tests.e2e.asterisk_office import settings_for
from tests.e2e.cable import cut_the_cable, wired_stage
from tests.e2e.call_cases import SUPPORT, Front
from tests.fakes.stores import MemoryDeskStore
from tests.lab.asterisk_root import VERSIONS
from tests.lab.phone import AsteriskLab

pytestmark = [pytest.mark.asterisk, pytest.mark.usefixtures("qapp")]


@pytest.mark.parametrize("version", VERSIONS)
def test_a_cut_cable_is_said_and_what_was_missed_behind_it_is_counted(version: str) -> None:
    with wired_stage(version) as stage:
        cut = cut_the_cable(stage, stay_away=lambda: None)
        [gap] = stage.front.desk.calls.gaps()
        [call] = stage.front.calls
    assert cut.said_meanwhile[0].startswith("Not listening since")
    assert not cut.was_known, "no number is named while nothing is heard"
    assert cut.said_after == ("Nobody is waiting", "Free: Ann Agent")
    assert cut.snapshot.missed_meanwhile == 1
    assert (gap.since, gap.until, gap.missed) == (cut.snapshot.deaf_since, cut.snapshot.at, 1)
    assert gap.since < cut.deaf_at < cut.back_at <= gap.until
    assert (call.outcome, call.reason) == (Outcome.MISSED, MissedReason.UNSEEN)
    assert call.started_at == gap.since
    assert cut.row[0].startswith("Phones unknown")
    assert cut.row[1] == "1 call missed"


@pytest.mark.parametrize("version", VERSIONS)
def test_the_time_in_which_the_program_was_off_is_a_gap_for_ever(version: str) -> None:
    store = MemoryDeskStore()
    with AsteriskLab(version=version) as lab:
        dan, admin = lab.customer(2, name="Dan"), lab.ami()
        for is_missed_next in (True, False, False):
            run = Front(settings_for(lab), store)
            with run:
                run.listening()
            run.end_run()
            if is_missed_next:
                dan.call(SUPPORT)
                admin.wait_for_event("QueueCallerJoin")
                dan.hang_up()
                admin.wait_for_event("QueueCallerAbandon")
        last = Front(settings_for(lab), store)
    assert [gap.missed for gap in last.desk.calls.gaps()] == [1, 0], "before it listens again"
    [person] = last.desk.calls.missed()
    assert person.newest.reason is MissedReason.UNSEEN
