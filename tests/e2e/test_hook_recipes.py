"""The recipes of docs/hook.md, run as they stand there."""

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests.e2e.running import REPOSITORY, Watch, command, make_home
from tests.lab.phone import AsteriskLab
from tests.lab.waiting import free_port, wait_until

GUIDE = (REPOSITORY / "docs" / "hook.md").read_text(encoding="utf-8")
TOKEN = "sesame"


def recipe(beginning: str) -> str:
    """The block of the guide in which these words stand."""
    blocks = re.findall(r"```\w*\n(.*?)```", GUIDE, re.DOTALL)
    (found,) = (block for block in blocks if beginning in block)
    return str(found)


def executable(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    path.chmod(0o755)
    return path


def own_command(folder: Path, home: Path) -> Path:
    """`supportdesk` as it is installed, for this home alone."""
    text = f"""#!/bin/sh
export SUPPORTDESK_HOME={home} PYTHONPATH={REPOSITORY}
exec {sys.executable} -m supportdesk "$@"
"""
    return executable(folder / "supportdesk", text)


def extend_dialplan(lab: AsteriskLab, folder: Path, home: Path) -> None:
    """Give the PBX the script and the dialplan of the guide."""
    text = recipe("# tell-supportdesk")
    text = text.replace("exec supportdesk", f"exec {own_command(folder, home)}")
    tell = executable(folder / "tell-supportdesk", text)
    plan = recipe("[from-trunk]").replace("/usr/local/bin/tell-supportdesk", str(tell))
    with (lab.folder / "etc/extensions.conf").open("a") as extensions:
        extensions.write(f"\n{plan}")
    lab.cli("dialplan reload")


def turns(watch: Watch, name: str) -> list[str]:
    lines = [line for line in watch.told("happened") if line.get("name") == name]
    return [line["outcome"] for line in lines]


@pytest.mark.asterisk
def test_the_dialplan_of_a_real_asterisk(asterisk_lab: AsteriskLab, tmp_path: Path) -> None:
    home = make_home(tmp_path, "")
    extend_dialplan(asterisk_lab, tmp_path, home)
    with Watch(home) as watch:
        watch.wait_for(lambda line: line["what"] == "state", seconds=30, what="the start")
        ann = asterisk_lab.agent("201")
        mark = ann.mark()
        carla = asterisk_lab.customer()
        carla.call("890")
        ann.answer_next(start=mark, seconds=30)
        watch.wait_for_turn("answered", seconds=60)
        carla.hang_up()
        second = asterisk_lab.customer(2, name="Who Gives Up")
        mark = ann.mark()
        second.call("890")
        ann.wait_for_event("CALL_INCOMING", start=mark, seconds=30)
        second.hang_up()
        missed = watch.wait_for_turn("missed", seconds=60)
        assert (missed["name"], missed["number"]) == ("Who Gives Up", "+15550100002")
        assert turns(watch, "Carla Customer") == ["waiting", "answered"]
        assert turns(watch, "Who Gives Up") == ["waiting", "missed"]


@pytest.mark.asterisk
def test_a_caller_whose_name_is_a_command(asterisk_lab: AsteriskLab, tmp_path: Path) -> None:
    home = make_home(tmp_path, "")
    extend_dialplan(asterisk_lab, tmp_path, home)
    trap = tmp_path / "trap"
    # Nobody has phone 201: the call is over at once.
    name = rf"Zoë \"$(touch {trap})\" `touch {trap}` ; touch {trap}"
    asterisk_lab.odd_caller("890", from_header=f'"{name}" <sip:+15550100009@customer.example>')
    wait_until(
        lambda: len(list((home / "spool").glob("*.json"))) == 2, seconds=60, what="both events"
    )
    with Watch(home) as watch:
        missed = watch.wait_for_turn("missed", seconds=60)
    assert missed["name"].startswith("Zoë ")
    assert "$(touch" in missed["name"]
    assert missed["number"] == "+15550100009"
    assert not trap.exists()


def test_a_shell_script_that_waits_for_the_program(tmp_path: Path) -> None:
    port = free_port()
    settings = f"[hook]\nenabled = true\nport = {port}\n"
    home = make_home(tmp_path, settings, {"hook/token": TOKEN})
    (tmp_path / ".supportdesk-hook").write_text(f"Authorization: Bearer {TOKEN}\n")
    told = executable(tmp_path / "told", recipe("# told EVENT"))
    environment = os.environ | {"HOME": str(tmp_path), "HOOK": f"http://127.0.0.1:{port}"}
    with (
        subprocess.Popen(
            [told, "missed", "+420541220018", "4711"],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as script,
        Watch(home) as watch,
    ):
        missed = watch.wait_for_turn("missed", seconds=60)
        answer, errors = script.communicate(timeout=60)
        assert script.returncode == 0, errors
        assert json.loads(answer) == {"ok": True}
        again = subprocess.run(
            [told, "missed", "+420541220018", "4711"],
            env=environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        )
        assert json.loads(again.stdout) == {"ok": True}
        assert (missed["call_id"], missed["number"]) == ("4711", "+420541220018")
        assert len(watch.told("happened", "missed")) == 1


def test_the_body_for_an_automation_service(tmp_path: Path) -> None:
    port = free_port()
    settings = f"[hook]\nenabled = true\nport = {port}\n"
    home = make_home(tmp_path, settings, {"hook/token": TOKEN})
    ask = [
        *("curl", "--silent", "--retry", "8", "--retry-connrefused", "--write-out", "%{http_code}"),
        *("--output", str(tmp_path / "answer"), "--header", f"Authorization: Bearer {TOKEN}"),
        *("--json", recipe('"event_id": "run-1"'), f"http://127.0.0.1:{port}/v1/calls"),
    ]

    def status(*more: str) -> str:
        answered = subprocess.run(
            [*ask, *more], capture_output=True, text=True, timeout=120, check=True
        )
        return answered.stdout

    with Watch(home) as watch:
        # As it comes through a tunnel, without and with the name of this computer in Host.
        assert status("--header", "Host: desk.tunnel.example") == "403"
        assert (
            status("--header", "Host: 127.0.0.1", "--header", "X-Forwarded-For: 1.2.3.4") == "200"
        )
        assert watch.wait_for_turn("missed", seconds=60)["name"] == "Pavel Kiss"
        assert status() == "200"
        assert len(watch.told("happened", "missed")) == 1


def test_the_lines_for_microsip_as_it_runs_them(tmp_path: Path) -> None:
    """It splits a line as Windows does, and adds the number."""
    lines = dict(line.split("=", 1) for line in recipe("cmdIncomingCall").splitlines())
    home = make_home(tmp_path, "")

    def runs(event: str) -> None:
        program, *arguments = shlex.split(lines[event])
        assert program == "supportdesk"
        assert command(home, *arguments, "+420541220018").returncode == 0

    for event in ("cmdIncomingCall", "cmdCallAnswer", "cmdCallEnd"):
        runs(event)
    for event in ("cmdIncomingCall", "cmdCallBusy"):
        runs(event)
    runs("cmdCallEnd")  # of a call of our own
    with Watch(home) as watch:
        wait_until(lambda: not list((home / "spool").iterdir()), seconds=30, what="the spool")
        watch.wait_for(lambda _: len(watch.told("happened")) >= 4, seconds=30, what="all turns")
        outcomes = [line["outcome"] for line in watch.told("happened")]
        assert outcomes == ["waiting", "taken", "waiting", "missed"]


def test_names_in_latin_1_are_read(tmp_path: Path) -> None:
    home = make_home(tmp_path, "")
    call = [sys.executable, "-m", "supportdesk", "call", "missed", "--from", "1", "--name"]
    environment = os.environ | {
        "SUPPORTDESK_HOME": str(home),
        "PYTHONPATH": str(REPOSITORY),
        "LC_ALL": "C.UTF-8",
    }
    subprocess.run([*call, "Zoë".encode("latin-1")], env=environment, timeout=60, check=True)
    with Watch(home) as watch:
        assert watch.wait_for_turn("missed", seconds=60)["name"] == "Zoë"
