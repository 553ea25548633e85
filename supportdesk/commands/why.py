"""`supportdesk why`: what was told and what was not, and why, read straight from desk.db."""

import json
import os
from collections.abc import Sequence

from supportdesk.adapters.clock import SystemClock
from supportdesk.adapters.places import Places
from supportdesk.adapters.storage.desk_store import SqliteDeskStore
from supportdesk.adapters.week_locale import to_local
from supportdesk.domain.alerts import Decision
from supportdesk.domain.app_links import parse_link
from supportdesk.services.alert_decisions import KEPT_AT_MOST, decision_line
from supportdesk.services.ports import DeskStore
from supportdesk.services.watch_lines import JsonObject

_MOST = 40


def run_why(about: str, *, as_json: bool) -> int:
    """Print the newest decisions, the last one at the end.

    Args:
        about: The key of a mail, a call or an alert, a link to it, or a part of who or what it is
            about; empty is everything.
        as_json: One object a line, and all of them.
    """
    places = Places.from_environment(os.environ)
    places.create_folders()
    store = SqliteDeskStore(places.desk_db)
    try:
        found = _found(store, about)
    finally:
        store.close()
    if as_json:
        for decision in reversed(found):
            print(json.dumps(_as_json(decision)))
        return 0
    now = SystemClock().now()
    for decision in reversed(found[:_MOST]):
        print(decision_line(decision, now, to_local))
    if not found:
        whom = f"“{about}”" if about else "anything"
        print(f"Nothing has been decided on {whom} in the last 30 days.")
    return 0


def _found(store: DeskStore, about: str) -> Sequence[Decision]:
    """Newest first."""
    link = parse_link(about)
    key = link.item if link is not None else about
    by_key = store.decisions(key, KEPT_AT_MOST)
    if by_key or not key:
        return by_key
    wanted = key.casefold()
    every = store.decisions("", KEPT_AT_MOST)
    return [one for one in every if wanted in one.words.casefold()]


def _as_json(decision: Decision) -> JsonObject:
    return {
        "at": decision.at.isoformat(),
        "verdict": decision.verdict.value,
        "reason": decision.reason.value,
        "kind": decision.kind.value,
        "source": decision.source,
        "words": decision.words,
        "key": decision.key,
        "alert": decision.alert_key,
        "until": None if decision.until is None else decision.until.isoformat(),
    }
