"""The live board in words: how many wait and for how long, and who is free (F60)."""

from datetime import datetime

from supportdesk.domain.health import SourceKind
from supportdesk.services.desk_state import DeskState
from supportdesk.services.wording import count, listed
from supportdesk.ui.presenter.strip import team_words
from supportdesk.ui.presenter.words import clock_seconds, since_words
from supportdesk.ui.rows import BoardLevel, BoardView

_MANY_RINGS = 5


def board_view(state: DeskState, now: datetime) -> BoardView:
    """Deafness outweighs a number: of phones that are not heard none is known."""
    deaf_since = state.phones_deaf_since
    if deaf_since is not None:
        heard = f", {_waiting(state)} elsewhere" if state.callers else ""
        words = f"Not listening since {since_words(deaf_since, now)}{heard}"
        return BoardView(
            level=BoardLevel.DEAF,
            waiting=words,
            team="Who waits and who is free is not known",
            ticks=bool(state.callers),
        )
    if not any(one.kind is SourceKind.PHONE for one in state.healths):
        return BoardView(
            level=BoardLevel.DEAF, waiting="No phone is connected", team="Settings connects one"
        )
    if not state.callers and state.waiting is None:
        return BoardView(
            level=BoardLevel.DEAF, waiting="Who waits is not known yet", team=_team(state)
        )
    return BoardView(
        level=_level(state), waiting=_waiting(state), team=_team(state), ticks=bool(state.callers)
    )


def _level(state: DeskState) -> BoardLevel:
    rings = max((caller.rings for caller in state.callers), default=0)
    if not rings:
        return BoardLevel.QUIET
    if rings == 1:
        return BoardLevel.RINGING
    return BoardLevel.LATE if rings < _MANY_RINGS else BoardLevel.LONG


def _waiting(state: DeskState) -> str:
    if not state.callers:
        return "Nobody is waiting"
    longest = max(state.callers, key=lambda caller: caller.seconds)
    rings = count(longest.rings, "ring", "rings")
    return f"{len(state.callers)} waiting, longest {clock_seconds(longest.seconds)}, {rings}"


def _team(state: DeskState) -> str:
    members = state.team.members if state.team else ()
    free = [one.name or one.interface for one in members if one.is_free]
    words = team_words(state)
    if free:
        return f"Free: {listed(free)}"
    return f"{words[:1].upper()}{words[1:]}" or "No phone here sees a team"
