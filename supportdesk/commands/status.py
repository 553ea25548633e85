"""`supportdesk status`: the state of the running app, once."""

import os
import sys
from datetime import datetime

from PySide6.QtCore import QCoreApplication

from supportdesk.adapters.desktop.single_instance import ask
from supportdesk.adapters.places import Places
from supportdesk.services.watch_lines import JsonObject, JsonValue, as_line

_ANSWER_SECONDS = 5.0


def run_status(*, as_json: bool) -> int:
    """Print the state; fails with a sentence when nothing runs."""
    places = Places.from_environment(os.environ)
    _app = QCoreApplication(sys.argv[:1])  # Qt's sockets want one
    answer = ask(places, {"verb": "status"}, _ANSWER_SECONDS)
    state = answer.get("state") if answer is not None else None
    if not isinstance(state, dict):
        print(
            "supportdesk: supportdesk is not running here. Start it with `supportdesk`, or use "
            "`supportdesk watch` on a machine with no display.",
            file=sys.stderr,
        )
        return 1
    if as_json:
        print(as_line(state))
    else:
        print("\n".join(_lines(state)))
    return 0


def _lines(state: JsonObject) -> list[str]:
    sources = state.get("sources")
    problems = state.get("problems")
    lines = [_problem_line(problem) for problem in problems] if isinstance(problems, list) else []
    lines += [_source_line(source) for source in sources] if isinstance(sources, list) else []
    lines.append(f"callers waiting: {_known(state.get('waiting'))}")
    lines.append(f"team: {_known(state.get('free'))} of {_known(state.get('members'))} free")
    lines.append(f"people to call back: {_known(state.get('to_call_back'))}")
    lines.append(f"people waiting for a reply: {_known(state.get('people_waiting'))}")
    if state.get("promises_due"):
        lines.append(f"promises due: {state.get('promises_due')}")
    if state.get("unsent"):
        since = datetime.fromisoformat(str(state.get("oldest_unsent_at"))).astimezone()
        lines.append(f"not sent yet: {state.get('unsent')}, the oldest since {since:%H:%M}")
    return lines


def _problem_line(problem: JsonValue) -> str:
    if not isinstance(problem, dict):
        return ""
    return f"{problem.get('part')}: {problem.get('title')}. {problem.get('advice')}"


def _source_line(source: JsonValue) -> str:
    if not isinstance(source, dict):
        return ""
    since = datetime.fromisoformat(str(source.get("since"))).astimezone()
    line = (
        f"{source.get('source')} ({source.get('kind')}): {source.get('health')} since {since:%H:%M}"
    )
    if source.get("title"):
        line += f"\n  {source.get('title')}. {source.get('advice')}"
    return line


def _known(value: JsonValue) -> str:
    return "unknown" if value is None else str(value)
