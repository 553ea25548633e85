"""The commands as other programs call them: with an app that runs, without, and used wrongly."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from supportdesk.adapters.storage.desk_store import SqliteDeskStore
from tests.adapters.desk_examples import span
from tests.e2e.broken_sources import good_mail, table_as_toml
from tests.e2e.desktop_app import DesktopApp
from tests.e2e.running import Line, Watch, command, make_home
from tests.lab.desktop import DesktopLab
from tests.lab.mail import PASSWORD, DovecotLab
from tests.lab.waiting import wait_until


def _missed(watch: Watch) -> list[Line]:
    return [line for line in watch.told("happened", "missed") if line["outcome"] == "missed"]


def _call(home: Path, turn: str, *more: str) -> None:
    answer = command(home, "call", turn, "--from", "+420601234567", *more)
    assert (answer.returncode, answer.stdout, answer.stderr) == (0, "", "")


def _spooled(home: Path) -> list[Path]:
    return list((home / "spool").glob("*.json"))


@pytest.mark.parametrize(
    "arguments",
    [
        ("no-such-command",),
        ("--no-such-option",),
        ("call",),
        ("call", "ringing"),
        ("call", "singing", "--from", "1"),
        ("call", "ringing", "--from", " "),
        ("secret", "set"),
        ("secret", "show", "mail/Support"),
        ("secret", "set", "Support"),
        ("secret", "set", "mail/"),
        ("week", "--week", "2026-47"),
        ("week", "--week", "2026-W54"),
        ("status", "extra"),
    ],
)
def test_wrong_usage(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    answer = command(make_home(tmp_path, ""), *arguments, stdin="secret\n")
    assert answer.returncode == 2
    assert answer.stdout == ""
    assert "Traceback" not in answer.stderr
    assert "supportdesk" in answer.stderr


def test_a_call_while_the_program_runs(tmp_path: Path) -> None:
    home = make_home(tmp_path, "")
    with Watch(home) as watch:
        watch.wait_for(lambda line: line["what"] == "state", seconds=20, what="the start")
        _call(home, "ringing", "--name", "Jana", "--id", "7")
        watch.wait_for(
            lambda line: line.get("outcome") == "waiting" and line["name"] == "Jana",
            seconds=5,
            what="the ringing",
        )
        _call(home, "missed", "--id", "7")
        watch.wait_for(lambda _: bool(_missed(watch)), seconds=5, what="the missed call")
        assert _missed(watch)[0]["number"] == "+420601234567"
        assert _spooled(home) == []
        assert watch.stop() == 0
    with Watch(home) as watch:
        watch.wait_for(lambda line: line["what"] == "state", seconds=20, what="the start")
        assert _missed(watch) == []


def test_a_call_while_nothing_runs_is_taken_in_once_at_the_next_start(tmp_path: Path) -> None:
    home = make_home(tmp_path, "")
    _call(home, "ringing", "--name", "Jana")
    _call(home, "missed")
    spooled = _spooled(home)
    kept = {path: path.read_bytes() for path in spooled}
    assert len(spooled) == 2
    with Watch(home) as watch:
        watch.wait_for(lambda _: bool(_missed(watch)), seconds=20, what="the missed call")
        assert _missed(watch)[0]["name"] == "Jana"
        wait_until(lambda: _spooled(home) == [], seconds=10, what="the spool to be taken")
        watch.kill()
    # As after a kill between taking in and forgetting.
    for path, content in kept.items():
        path.write_bytes(content)
    with Watch(home) as watch:
        watch.wait_for(lambda line: line["what"] == "state", seconds=20, what="the start")
        wait_until(lambda: _spooled(home) == [], seconds=10, what="the spool to be taken")
        _call(home, "ringing", "--name", "Petr", "--id", "next")
        watch.wait_for(
            lambda line: line.get("outcome") == "waiting" and line["name"] == "Petr",
            seconds=10,
            what="a later call",
        )
        assert _missed(watch) == []
        assert watch.stop() == 0
        assert watch.errors() == ""


def test_status_needs_a_running_program(tmp_path: Path) -> None:
    home = make_home(tmp_path, "")
    answer = command(home, "status", "--json")
    assert (answer.returncode, answer.stdout) == (1, "")
    assert "is not running here" in answer.stderr
    with Watch(home) as watch:
        watch.wait_for(lambda line: line["what"] == "state", seconds=20, what="the start")
        answer = command(home, "status", "--json")
        assert answer.returncode == 0
        state = json.loads(answer.stdout)
        assert (state["what"], state["sources"], state["waiting"]) == ("state", [], None)
        words = command(home, "status").stdout
        assert "callers waiting: unknown" in words
        second = command(home, "watch", "--json")
        assert second.returncode == 1
        assert "already runs on this home" in second.stderr


def test_the_minutes_of_a_week(tmp_path: Path) -> None:
    home = make_home(tmp_path, '[reading]\nweek_starts = "monday"\ngoal_minutes = 40\n')
    assert command(home, "week").returncode == 0
    store = SqliteDeskStore(home / "desk.db")
    for day in (16, 22, 23):
        at = datetime(2026, 11, day, 12, tzinfo=UTC)
        store.append_span(replace(span(f"day {day}", at, counted=90.0), utc_offset=timedelta()))
    store.close()
    answer = command(home, "week", "--week", "2026-W47", "--json")
    assert answer.returncode == 0
    week = json.loads(answer.stdout)
    assert (week["from"], week["to"]) == ("2026-11-16", "2026-11-22")
    assert (week["goal_minutes"], week["read_seconds"]) == (40.0, 180.0)
    assert [day["read_seconds"] for day in week["days"]] == [90, 0, 0, 0, 0, 0, 90]
    words = command(home, "week", "--week", "2026-W47").stdout
    assert "3" in words


@pytest.mark.desktop
@pytest.mark.dovecot
def test_a_password_goes_into_the_key_store_and_is_used_at_once(
    desktop_lab: DesktopLab, dovecot_lab: DovecotLab, tmp_path: Path
) -> None:
    user = dovecot_lab.new_address()
    settings = table_as_toml("mail", "Support", good_mail(dovecot_lab, user))
    home = make_home(tmp_path, settings)
    with DesktopApp(desktop_lab, home) as app:
        wait_until(lambda: _deaf_title(app) != "", seconds=20, what="to be deaf")
        assert _deaf_title(app) == "No password is kept for Support"
        wrong = app.run_with_input("not it", "secret", "set", "mail/Support")
        assert (wrong.returncode, wrong.stdout, wrong.stderr) == (0, "", "")
        wait_until(
            lambda: "refused user or password" in _deaf_title(app), seconds=20, what="a refusal"
        )
        right = app.run_with_input(PASSWORD, "secret", "set", "mail/Support")
        assert right.returncode == 0
        app.wait_until_listening("Support")
        doctor = app.run("doctor")
        assert doctor.returncode == 0, doctor.stdout
        assert PASSWORD not in (home / "settings.toml").read_text()
        assert app.run("secret", "clear", "mail/Support").returncode == 0
        assert "No password is kept for Support" in app.run("doctor").stdout
        empty = app.run_with_input("", "secret", "set", "mail/Support")
        assert empty.returncode == 1
        assert "is empty" in empty.stderr


def _deaf_title(app: DesktopApp) -> str:
    status = app.status() or {"sources": []}
    return next((one["title"] or "" for one in status["sources"]), "")
