"""The cable to the PBX is cut while calls go on, and comes back: what the board says meanwhile."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime

from supportdesk.adapters.clock import SystemClock
from supportdesk.domain.events import PhoneSnapshotTaken
from supportdesk.ui.presenter.live_board import board_view
from supportdesk.ui.presenter.past_calls import past_entry
from tests.e2e.asterisk_office import settings_for
from tests.e2e.call_cases import SUPPORT, Front, Stage
from tests.lab.phone import AsteriskLab
from tests.lab.wire import RecordingProxy

CLOCK = SystemClock()


@dataclass(frozen=True, slots=True, kw_only=True)
class CutCable:
    """What was seen of one cut, in order.

    Attributes:
        said_meanwhile: The live board while the cable was cut: who waits, and the team.
        was_known: Did the desk name a number of callers then?
        said_after: The live board once the cable was back.
        row: The line of the missed list.
    """

    cut_at: datetime
    deaf_at: datetime
    back_at: datetime
    right_at: datetime
    said_meanwhile: tuple[str, str]
    was_known: bool
    said_after: tuple[str, str]
    row: tuple[str, str]
    snapshot: PhoneSnapshotTaken


@contextmanager
def wired_stage(version: str) -> Iterator[Stage]:
    """A PBX with Ann at the phones, and a listening desk at the other end of a cable."""
    with AsteriskLab(("201",), version=version) as lab, RecordingProxy(lab.ami_port) as wire:
        front = Front(replace(settings_for(lab), port=wire.port))
        stage = Stage(lab, front, wire)
        try:
            stage.begin()
            yield stage
        finally:
            front.phone.stop()


def cut_the_cable(stage: Stage, stay_away: Callable[[], None]) -> CutCable:
    """Nothing passes and nothing is refused; one caller gives up meanwhile, whom nobody sees.

    Args:
        stage: Where it happens.
        stay_away: How much longer the cable stays cut once that call is over.
    """
    front, admin = stage.front, stage.lab.ami()
    dan = stage.lab.customer(2, name="Dan")
    stage.wire.hold()
    cut_at = CLOCK.now()
    front.deaf(seconds=20)
    deaf_at = CLOCK.now()
    dan.call(SUPPORT)
    admin.wait_for_event("QueueCallerJoin", seconds=30)
    dan.hang_up()
    admin.wait_for_event("QueueCallerAbandon", seconds=30)
    stay_away()
    state = front.desk.state(CLOCK.now())
    board = board_view(state, state.at)
    stage.wire.release()
    back_at = CLOCK.now()
    front.listening(seconds=30)
    right_at = CLOCK.now()
    after = board_view(front.desk.state(right_at), right_at)
    [person] = front.desk.calls.missed()
    entry = past_entry(person, right_at)
    return CutCable(
        cut_at=cut_at,
        deaf_at=deaf_at,
        back_at=back_at,
        right_at=right_at,
        said_meanwhile=(board.waiting, board.team),
        was_known=state.waiting is not None or state.team is not None,
        said_after=(after.waiting, after.team),
        row=(entry.who, entry.why),
        snapshot=front.of(PhoneSnapshotTaken)[-1],
    )
