"""The hook's line of `doctor`: asked of the running app, or tried where none runs."""

from PySide6.QtCore import QObject

from supportdesk.adapters.clock import SystemClock
from supportdesk.adapters.phone.hook_door import NO_TOKEN, hook_token
from supportdesk.domain.errors import Problem, SupportDeskError
from supportdesk.domain.health import PartHealth
from supportdesk.domain.settings import HookSettings
from supportdesk.services.ports import SecretStore
from supportdesk.services.watch_lines import JsonObject

_PART = "hook"


def hook_part(
    settings: HookSettings, secrets: SecretStore, answer: JsonObject | None
) -> PartHealth:
    """How the HTTP endpoint does; `answer` is the running app's own status, if one runs."""
    if not settings.enabled:
        return PartHealth(name="Hook", is_good=True, words="off")
    problem = _tried(settings, secrets) if answer is None else _told(answer)
    if problem is not None:
        return PartHealth(name="Hook", is_good=False, words="not listening", problem=problem)
    does = "would listen" if answer is None else "listens"
    words = f"{does} on port {settings.port} of this computer alone"
    return PartHealth(name="Hook", is_good=True, words=words)


def _told(answer: JsonObject) -> Problem | None:
    state = answer.get("state")
    problems = state.get("problems") if isinstance(state, dict) else None
    for one in problems if isinstance(problems, list) else ():
        if isinstance(one, dict) and one.get("part") == _PART:
            return Problem(title=str(one.get("title")), advice=str(one.get("advice")))
    return None


def _tried(settings: HookSettings, secrets: SecretStore) -> Problem | None:
    from supportdesk.adapters.phone.hook_server import HookServer

    owner = QObject()
    try:
        if not hook_token(secrets):
            return NO_TOKEN
        server = HookServer(token="", take=lambda _: False, clock=SystemClock(), parent=owner)
        server.listen(settings.port)
        server.close()
    except SupportDeskError as error:
        return error.problem
    return None
