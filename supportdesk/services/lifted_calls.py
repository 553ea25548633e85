"""Calls that the founder may take out of a talk, for whoever talks has asked for it (F84)."""

from dataclasses import replace
from typing import TYPE_CHECKING

from supportdesk.domain.calls import Caller, Outcome
from supportdesk.services.calls_board import CallsBoard

if TYPE_CHECKING:
    from supportdesk.services.lifts import Lifts


def lifted_caller(lifts: "Lifts | None", calls: CallsBoard, key: str) -> Caller | None:
    """Return who talks to one of the team and was lifted; who waits is taken as ever.

    Where they talk is known to the phone system alone.
    """
    call = calls.call(key)
    if lifts is None or call is None or call.outcome is not Outcome.ANSWERED:
        return None
    if lifts.of([key]) is None or not call.is_going_on:
        return None
    return replace(call.caller, is_lifted=True)
