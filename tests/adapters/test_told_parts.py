"""What `doctor` reads of the running app's parts is what the app has said."""

from supportdesk.commands.told_parts import part_as_json, told_parts
from supportdesk.domain.errors import Problem
from supportdesk.domain.health import CheckState, PartCheck, PartHealth
from supportdesk.services.watch_lines import JsonObject

CARDS = PartHealth(
    name="Alerts",
    is_good=False,
    words="Shown by: Cards",
    problem=Problem(title="Nothing shows alerts", advice="Start dunst."),
    checks=(PartCheck(name="dunst", state=CheckState.BROKEN, words="does not work now"),),
    notes=("dunst, last error: It did not answer for 1 s.",),
)
TRAY = PartHealth(name="Tray", is_good=True, words="The icon is in the panel (XEmbed).")


def test_what_was_said_is_what_is_read() -> None:
    said: JsonObject = {"ok": True, "parts": [part_as_json(CARDS), part_as_json(TRAY)]}
    assert told_parts(said) == [CARDS, TRAY]


def test_nobody_and_an_app_of_another_version_are_borne() -> None:
    assert told_parts(None) is None
    assert told_parts({"ok": False, "title": "“parts” cannot be asked here"}) is None
    odd: JsonObject = {
        "ok": True,
        "parts": [1, {"name": "Alerts", "checks": [2, {"state": "new"}]}],
    }
    told = told_parts(odd)
    assert told is not None
    (alerts,) = told
    assert (alerts.name, alerts.is_good, alerts.problem) == ("Alerts", False, None)
    assert [check.state for check in alerts.checks] == [CheckState.UNKNOWN]
