"""The manager users of docs/connect-asterisk.md have exactly the rights that are needed."""

import configparser
import re
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from supportdesk.domain.events import CallAnswered, CallerJoined, CallMissed
from tests.e2e.asterisk_office import Office, settings_for
from tests.lab.asterisk_conf import SECRET
from tests.lab.phone import AsteriskLab

pytestmark = [pytest.mark.asterisk, pytest.mark.usefixtures("qapp")]

_GUIDE = Path(__file__).parents[2] / "docs" / "connect-asterisk.md"
_NEEDED = (
    ("read", "call"),
    ("read", "agent"),
    ("write", "reporting"),
    ("write", "originate"),
    ("write", "call"),
)


def _users_of_the_guide() -> dict[str, dict[str, str]]:
    blocks = re.findall(r"```ini\n(\[.*?)```", _GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    parser = configparser.ConfigParser()
    for block in blocks:
        parser.read_string(block)
    return {name: dict(parser[name]) for name in parser.sections()}


def _install(lab: AsteriskLab, name: str, rights: dict[str, str]) -> None:
    """Into the lab's manager.conf, with the lab's secret and address."""
    conf = lab.folder / "etc" / "manager.conf"
    own = {**rights, "secret": SECRET, "permit": "127.0.0.1/255.255.255.255"}
    lines = "\n".join(f"{key} = {value}" for key, value in own.items())
    conf.write_text(f"{conf.read_text()}\n[{name}]\n{lines}\n")
    lab.cli("manager reload")


def _without(rights: dict[str, str], line: str, right: str) -> dict[str, str]:
    kept = [each for each in rights[line].split(",") if each != right]
    return {**rights, line: ",".join(kept)}


def test_the_user_of_the_guide_watches_and_takes_calls(
    asterisk_lab: AsteriskLab, qapp: QApplication
) -> None:
    _install(asterisk_lab, "guide", _users_of_the_guide()["supportdesk"])
    fay, carla = asterisk_lab.agent("100"), asterisk_lab.customer()
    with Office(settings_for(asterisk_lab, user="guide")) as office:
        office.listening()
        carla.call("800")
        caller = office.wait_for(CallerJoined).caller
        office.phone.take(caller)
        fay.wait_for_event("CALL_INCOMING")
        fay.answer()
        assert office.wait_for(CallAnswered).call_id == caller.call_id
        assert office.problem_title == ""


def test_the_watching_user_of_the_guide_sees_a_missed_call(
    asterisk_lab: AsteriskLab, qapp: QApplication
) -> None:
    _install(asterisk_lab, "guide", _users_of_the_guide()["supportdesk-watch"])
    carla = asterisk_lab.customer()
    with Office(settings_for(asterisk_lab, user="guide", founder="")) as office:
        office.listening()
        carla.call("800")
        caller = office.wait_for(CallerJoined).caller
        carla.hang_up()
        assert office.wait_for(CallMissed).call_id == caller.call_id
        assert office.problem_title == ""


@pytest.mark.parametrize(("line", "right"), _NEEDED)
def test_each_right_is_needed_and_its_lack_is_named(
    asterisk_lab: AsteriskLab, qapp: QApplication, line: str, right: str
) -> None:
    rights = _users_of_the_guide()["supportdesk"]
    _install(asterisk_lab, "guide", _without(rights, line, right))
    carla = asterisk_lab.customer()
    with Office(settings_for(asterisk_lab, user="guide")) as office:
        office.listening()
        carla.call("800")
        office.wait_until(
            lambda: (
                office.health is not None
                and office.health.problem is not None
                and f"`{right}` to the `{line}` line" in office.health.problem.advice
            ),
            seconds=15,
            what=f"the missing {line} right {right} to be named",
        )
