"""What `doctor` adds from the running app: since when it hears, and what went wrong before."""

from datetime import UTC, datetime

from supportdesk.commands.told_sources import told_notes
from supportdesk.services.watch_lines import JsonObject, JsonValue
from supportdesk.ui.presenter.words import since_words

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
MORNING = datetime(2026, 11, 21, 9, 14, tzinfo=UTC)


def answer(**fields: JsonValue) -> JsonObject:
    source: JsonObject = {
        "source": "Support",
        "health": "listening",
        "since": MORNING.isoformat(),
        "last_heard_at": None,
        **fields,
    }
    return {"ok": True, "state": {"sources": [source]}}


def test_a_healed_source_keeps_its_last_trouble() -> None:
    trouble: JsonObject = {
        "title": "imap.larder.app does not answer",
        "since": MORNING.isoformat(),
        "until": NOW.isoformat(),
    }
    began, ended = since_words(MORNING, NOW), since_words(NOW, NOW)
    assert told_notes(answer(last_trouble=trouble), NOW)["Support"] == (
        f"The running app: listening since {began}, last heard not yet",
        f"Its last trouble, {began} to {ended}: imap.larder.app does not answer",
    )
    lasting = told_notes(answer(last_trouble={**trouble, "until": None}), NOW)["Support"]
    assert lasting[1].startswith(f"Its last trouble, {began}, and lasts: ")


def test_nobody_and_an_app_of_another_version_are_borne() -> None:
    assert told_notes(None, NOW) == {}
    assert told_notes({"ok": False}, NOW) == {}
    assert told_notes({"state": {"sources": [1, {"source": "Support"}]}}, NOW) == {
        "Support": ("The running app: None since not yet, last heard not yet",)
    }
