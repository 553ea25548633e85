"""The desktop's parts: who shows alerts, in which order, and whether there is a tray."""

from collections.abc import Iterator, Sequence

from supportdesk.domain.errors import Problem
from supportdesk.domain.health import CheckState, PartCheck, PartHealth
from supportdesk.services.ports import PresenterSkill, PresenterState

ALERTS = "Alerts"
DO_NOT_DISTURB = "Do not disturb"
_NO_POPUPS = Problem(
    title="Nothing on this desktop shows alerts",
    advice="Start a notification daemon, such as dunst; supportdesk notices it by itself. Until "
    "then look at the tray icon: it tells as much.",
)
_NO_TRAY = Problem(
    title="This desktop has no tray",
    advice="On GNOME install the extension “AppIndicator and KStatusNotifierItem Support”, "
    "elsewhere add a tray to the panel. Until then the window stays on the taskbar.",
)
_NO_CLICK = "It cannot be clicked: the first entry of the tray menu opens the newest alert instead."


def alerts_health(states: Sequence[PresenterState], quiet: Sequence[PartCheck] = ()) -> PartHealth:
    """Who shows alerts now; the others in the order in which they stand in."""
    now = next((at for at, one in enumerate(states) if one.is_available), None)
    if now is None:
        return PartHealth(name=ALERTS, is_good=False, words="Not shown.", problem=_NO_POPUPS)
    used = states[now]
    return PartHealth(
        name=ALERTS,
        is_good=not used.is_last_resort,
        words=f"Shown by: {used.name}",
        problem=_NO_POPUPS if used.is_last_resort else None,
        checks=(
            *(_check(one, is_used=at == now, is_missed=at < now) for at, one in enumerate(states)),
            *quiet,
        ),
        notes=tuple(_notes(states, used)),
    )


def do_not_disturb_check(
    program: str, *, is_on: bool | None, breaks_through: bool
) -> Iterator[PartCheck]:
    """Whether the desktop wants quiet, which is respected; nothing where nobody can be asked.

    Args:
        program: What shows alerts.
        is_on: None: it does not tell.
        breaks_through: The founder wants to hear of callers all the same.
    """
    if not program:
        return
    callers = "a caller nobody can take breaks through" if breaks_through else "callers too"
    state, words = {
        None: (CheckState.UNKNOWN, f"{program} does not tell whether it is on"),
        False: (CheckState.GOOD, f"off in {program}"),
        True: (CheckState.READY, f"on in {program}: alerts wait for one summary, {callers}"),
    }[is_on]
    yield PartCheck(name=DO_NOT_DISTURB, state=state, words=words)


def tray_health(host: str) -> PartHealth:
    """By which way the icon gets onto the panel; "none" where there is no panel for it."""
    if host != "none":
        return PartHealth(name="Tray", is_good=True, words=f"The icon is in the panel ({host}).")
    return PartHealth(name="Tray", is_good=False, words="There is no icon.", problem=_NO_TRAY)


def _check(state: PresenterState, *, is_used: bool, is_missed: bool) -> PartCheck:
    if is_used:
        quality = CheckState.GOOD
        words = f"in use: {_skills(state)}" if state.can else "in use"
    elif state.is_held_back:
        quality, words = CheckState.READY, "holds back what it gets: do-not-disturb is on in it"
    elif state.is_available:
        quality, words = CheckState.READY, "ready, should those above fail"
    elif is_missed:
        quality, words = CheckState.BROKEN, "does not work now"
    else:
        quality, words = CheckState.UNKNOWN, "not there, and not needed now"
    if state.words:
        words = f"{words}. {state.words}"
    return PartCheck(name=state.name, state=quality, words=words)


def _skills(state: PresenterState) -> str:
    return ", ".join(skill.value for skill in PresenterSkill if skill in state.can)


def _notes(states: Sequence[PresenterState], used: PresenterState) -> Iterator[str]:
    clickable = {PresenterSkill.CLICK, PresenterSkill.BUTTONS}
    if not used.is_last_resort and not used.can & clickable:
        yield _NO_CLICK
    for one in states:
        if one.last_error:
            yield f"{one.name}, last error: {one.last_error}"
