"""What the running app says of its sources, as notes of `doctor`: it knows what came before."""

from collections.abc import Iterator
from datetime import datetime

from supportdesk.services.watch_lines import JsonObject, JsonValue
from supportdesk.ui.presenter.words import since_words


def told_notes(answer: JsonObject | None, now: datetime) -> dict[str, tuple[str, ...]]:
    """By source; `answer` is the running app's status, if one runs."""
    state = None if answer is None else answer.get("state")
    sources = state.get("sources") if isinstance(state, dict) else None
    return {
        str(one.get("source")): tuple(_notes(one, now))
        for one in (sources if isinstance(sources, list) else ())
        if isinstance(one, dict)
    }


def _notes(source: JsonObject, now: datetime) -> Iterator[str]:
    since, heard = _words(source.get("since"), now), _words(source.get("last_heard_at"), now)
    yield f"The running app: {source.get('health')} since {since}, last heard {heard}"
    trouble = source.get("last_trouble")
    if isinstance(trouble, dict):
        began, ended = _words(trouble.get("since"), now), trouble.get("until")
        until = f" to {_words(ended, now)}" if ended else ", and lasts"
        yield f"Its last trouble, {began}{until}: {trouble.get('title')}"


def _words(moment: JsonValue, now: datetime) -> str:
    """An app of another version may say it in another way."""
    try:
        return since_words(datetime.fromisoformat(str(moment)), now)
    except ValueError:
        return "not yet"
