"""Everything that can be wrong outside: each has its sentence, and nothing else suffers."""

import json
import resource
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import pytest

from supportdesk.adapters.storage.desk_store import SqliteDeskStore
from supportdesk.adapters.storage.mail_cache_reader import MailCacheReader
from supportdesk.domain.health import SourceName
from supportdesk.domain.mail import MessageId, MessageText
from tests.e2e.bad_servers import TalkingServer
from tests.e2e.broken_sources import (
    GARBAGE,
    Broken,
    Table,
    as_toml,
    broken_sources,
    good_mail,
    good_phone,
    table_as_toml,
)
from tests.e2e.desktop_app import DesktopApp
from tests.e2e.running import Line, Watch, command, make_home
from tests.lab.accessibility import controls
from tests.lab.asterisk_conf import SECRET
from tests.lab.desktop import DesktopLab
from tests.lab.mail import PASSWORD, DovecotLab
from tests.lab.phone import AsteriskLab, why_no_asterisk
from tests.lab.waiting import wait_until
from tests.lab.wire import RecordingProxy

pytestmark = [pytest.mark.dovecot, pytest.mark.asterisk]

Spoil = Callable[[Path], None]
GOOD_SECRETS = {"mail/Support": PASSWORD, "phone/Office": SECRET}


@pytest.fixture(scope="module")
def pbx() -> Iterator[AsteriskLab]:
    """One for all tests here: they change nothing in it."""
    reason = why_no_asterisk()
    if reason is not None:
        pytest.skip(reason)
    with AsteriskLab() as lab:
        yield lab


def message(number: int, to: str) -> bytes:
    mail = EmailMessage()
    mail["From"] = f"Carla Customer <carla{number}@example.org>"
    mail["To"] = to
    mail["Subject"] = f"Order {number} has not arrived"
    mail["Message-ID"] = f"<order-{number}@example.org>"
    mail.set_content(f"Can you look at order {number}?")
    return mail.as_bytes()


def support(table: Table) -> str:
    return table_as_toml("mail", "Support", table)


def office(table: Table) -> str:
    return table_as_toml("phone", "Office", table)


def wait_for_mail(watch: Watch, number: int) -> None:
    wanted = f"<order-{number}@example.org>"
    watch.wait_for(
        lambda line: line["what"] == "happened" and line.get("message_id") == wanted,
        seconds=20,
        what=f"mail {number}",
    )


def wait_for_alert(watch: Watch, key: str, *, what: str = "alert", start: int = 0) -> Line:
    return watch.wait_for(
        lambda line: line["what"] == what and line["key"] == key and line in watch.lines[start:],
        seconds=30,
        what=f"{what} {key}",
    )


def no_crash(watch: Watch) -> None:
    assert watch.stop() == 0
    assert "Traceback" not in watch.errors()
    assert watch.errors() == ""


# --- sources ---------------------------------------------------------------------------------


@dataclass
class Run:
    """What one run on all the broken sources told, in all the ways there are."""

    broken: list[Broken]
    doctor_text: str
    doctor_parts: dict[str, dict[str, str]]
    doctor_statuses: tuple[int, int]
    alerts: dict[str, Line]
    sources: dict[str, dict[str, str]]
    withdrawn: set[str]
    last_sources: dict[str, dict[str, str]]
    told_beside: list[Line]
    errors: str
    status: int


@pytest.fixture(scope="module")
def run(
    dovecot_lab: DovecotLab, pbx: AsteriskLab, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Run]:
    """Doctor and watch on 26 broken sources and two good ones; then everything is mended."""
    folder = tmp_path_factory.mktemp("broken")
    user = dovecot_lab.new_address()
    own = dovecot_lab.new_address()
    good = support(good_mail(dovecot_lab, own)) + office(good_phone(pbx))
    with broken_sources(dovecot_lab, pbx, user, folder / "servers") as broken:
        secrets = {one.secret_name: one.secret for one in broken if one.secret is not None}
        settings = good + "\n".join(as_toml(one) for one in broken)
        home = make_home(folder, settings, GOOD_SECRETS | secrets)
        text, parts = command(home, "doctor"), command(home, "doctor", "--json")
        assert text.stderr == parts.stderr == ""
        with Watch(home) as watch:
            watch.wait_until_listening("Support", "Office")
            keys = {one.alert_key for one in broken}
            watch.wait_for(
                lambda _: keys <= {line["key"] for line in watch.told("alert", "health")},
                seconds=60,
                what="an alert for each",
            )
            watch.wait_for(
                lambda _: {one.name for one in broken} <= _sources(watch).keys(),
                seconds=60,
                what="each to have been tried",
            )
            sources = _sources(watch)
            dovecot_lab.deliver(message(1, own), to=own)
            wait_for_mail(watch, 1)
            caller = pbx.customer(1)
            caller.call("800")
            watch.wait_for(
                lambda line: line.get("outcome") == "waiting" and line["source"] == "Office",
                seconds=10,
                what="a caller",
            )
            caller.hang_up()
            _mend(home, good, broken, dovecot_lab, pbx)
            watch.wait_until_listening(*(one.name for one in broken), seconds=60)
            watch.wait_for(
                lambda _: keys <= {line["key"] for line in watch.told("withdrawn", "health")},
                seconds=30,
                what="each alert to be taken back",
            )
            last = _sources(watch)
            status = watch.stop()
            yield Run(
                broken=broken,
                doctor_text=text.stdout,
                doctor_parts={one["name"]: one for one in json.loads(parts.stdout)["parts"]},
                doctor_statuses=(text.returncode, parts.returncode),
                alerts={line["key"]: line for line in watch.told("alert", "health")},
                sources=sources,
                withdrawn={line["key"] for line in watch.told("withdrawn", "health")},
                last_sources=last,
                told_beside=watch.told("happened"),
                errors=watch.errors(),
                status=status,
            )


def _sources(watch: Watch) -> dict[str, dict[str, str]]:
    """What was told last of each, but for the moments in which it is tried again."""
    told = [one for line in watch.told("state") for one in line["sources"]]
    return {one["source"]: one for one in told if one["health"] != "connecting"}


def _mend(
    home: Path, good: str, broken: list[Broken], dovecot: DovecotLab, pbx: AsteriskLab
) -> None:
    """What lacked only its password keeps its settings; all others get good ones."""
    text = good
    for one in broken:
        is_mail = one.kind == "mail"
        secret = PASSWORD if is_mail else SECRET
        (home / "credentials" / one.secret_name.replace("/", ".")).write_text(secret)
        if one.needs_only_a_secret:
            text += as_toml(one)
        else:
            table = good_mail(dovecot, dovecot.new_address()) if is_mail else good_phone(pbx)
            text += table_as_toml(one.kind, one.name, table)
    (home / "settings.toml").write_text(text)


def test_doctor_says_what_is_wrong_with_each_source(run: Run) -> None:
    assert run.doctor_statuses == (1, 1)
    for one in run.broken:
        part = run.doctor_parts[one.name]
        assert not part["ok"], one.name
        assert part["title"] == one.title
        assert one.next_step in part["advice"]
        assert f"!! {one.name}: " in run.doctor_text
        assert f"   {part['title']}. {part['advice']}" in run.doctor_text
    for name in ("Support", "Office"):
        assert run.doctor_parts[name]["ok"]
        assert run.doctor_parts[name]["words"].startswith("Connected to ")
        assert f"ok {name}: Connected to " in run.doctor_text


def test_an_alert_says_what_is_wrong_and_what_to_do(run: Run) -> None:
    for one in run.broken:
        alert = run.alerts[one.alert_key]
        assert alert["source"] == one.name
        assert "why" in alert["actions"]
        if one.is_heard:
            assert one.title.startswith(alert["title"].rstrip("…"))
            assert alert["body"].startswith(one.next_step)
        else:
            assert alert["title"].startswith("Not listening since ")
            assert alert["body"].startswith(f"{one.title}. ")
            assert one.next_step in alert["body"], alert["body"]


def test_the_state_names_each_that_is_not_listened_to(run: Run) -> None:
    for one in run.broken:
        source = run.sources[one.name]
        assert source["health"] == ("listening" if one.is_heard else "not listening")
        assert source["title"] == one.title
        assert one.next_step in source["advice"]
    for name in ("Support", "Office"):
        assert run.sources[name]["health"] == "listening"
        assert run.sources[name]["title"] is None


def test_the_other_sources_go_on(run: Run) -> None:
    assert [line["message_id"] for line in run.told_beside if line["kind"] == "mail"] == [
        "<order-1@example.org>"
    ]
    turns = [line["outcome"] for line in run.told_beside if line["source"] == "Office"]
    assert turns[0] == "waiting"


def test_what_is_mended_is_listened_to_and_its_alert_taken_back(run: Run) -> None:
    for one in run.broken:
        assert run.last_sources[one.name]["health"] == "listening", one.name
        assert one.alert_key in run.withdrawn
    assert run.errors == ""
    assert run.status == 0


@pytest.mark.parametrize("says", [GARBAGE, b"Asterisk Call Manager/11.0.0\r\n" + GARBAGE * 40])
def test_garbage_and_then_a_phone_system(pbx: AsteriskLab, tmp_path: Path, says: bytes) -> None:
    with RecordingProxy(pbx.ami_port) as wire:
        wire.refuse()
        settings = office({**good_phone(pbx), "port": wire.port})
        home = make_home(tmp_path, settings, GOOD_SECRETS)
        with Watch(home) as watch:
            with TalkingServer(says, port=wire.port):
                alert = wait_for_alert(watch, "health/Office")
                assert f"127.0.0.1:{wire.port} " in alert["body"]
            wire.accept()
            (home / "settings.toml").write_text(settings)  # saving asks to try again
            watch.wait_until_listening("Office")
            wait_for_alert(watch, "health/Office", what="withdrawn")
            no_crash(watch)


# --- settings --------------------------------------------------------------------------------


def test_a_settings_file_that_is_broken_and_then_mended(
    dovecot_lab: DovecotLab, tmp_path: Path
) -> None:
    user = dovecot_lab.new_address()
    good = support(good_mail(dovecot_lab, user))
    broken = good.replace('name = "Support"', 'name = "Support')
    home = make_home(tmp_path, broken, GOOD_SECRETS)
    as_written = (home / "settings.toml").read_text()
    doctor = command(home, "doctor")
    assert doctor.returncode == 1
    assert "settings.toml, line 2" in doctor.stdout
    parts = json.loads(command(home, "doctor", "--json").stdout)["parts"]
    [part] = [one for one in parts if one["name"] == "Settings"]
    assert not part["ok"]
    assert "line 2" in part["title"]
    assert part["advice"]
    week = command(home, "week", "--json")
    assert week.returncode == 0
    assert "line 2" in week.stderr
    with Watch(home) as watch:
        alert = wait_for_alert(watch, "health/settings")
        assert "settings.toml, line 2" in alert["title"]
        assert alert["body"]
        status = command(home, "status", "--json")
        [problem] = json.loads(status.stdout)["problems"]
        assert problem["part"] == "settings"
        assert "line 2" in command(home, "status").stdout
        assert (home / "settings.toml").read_text() == as_written
        (home / "settings.toml").write_text(good)
        watch.wait_until_listening("Support")
        wait_for_alert(watch, "health/settings", what="withdrawn")
        assert json.loads(command(home, "status", "--json").stdout)["problems"] == []
        no_crash(watch)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ("\n[alerts]\nring_seconds = 'soon'\n", '"ring_seconds" is "soon"'),
        ("\n[alerts\n", "line"),
        (None, "is gone"),
    ],
)
def test_the_last_good_settings_hold(
    dovecot_lab: DovecotLab, tmp_path: Path, wrong: str | None, words: str
) -> None:
    user = dovecot_lab.new_address()
    good = support(good_mail(dovecot_lab, user))
    home = make_home(tmp_path, good, GOOD_SECRETS)
    path = home / "settings.toml"
    with Watch(home) as watch:
        watch.wait_until_listening("Support")
        if wrong is None:
            path.unlink()
        else:
            path.write_text(good + wrong)
        alert = wait_for_alert(watch, "health/settings")
        assert words in f"{alert['title']} {alert['body']}"
        if wrong is not None:
            line = good.count("\n") + wrong.rstrip().count("\n") + 1
            assert f"line {line}" in alert["title"]
        dovecot_lab.deliver(message(2, user), to=user)
        wait_for_mail(watch, 2)
        path.write_text(good + "\n[alerts]\nring_seconds = 4\n")
        wait_for_alert(watch, "health/settings", what="withdrawn")
        dovecot_lab.deliver(message(3, user), to=user)
        wait_for_mail(watch, 3)
        no_crash(watch)


# --- databases -------------------------------------------------------------------------------


def _newer(path: Path) -> None:
    with sqlite3.connect(path) as database:
        database.execute(f"PRAGMA application_id = {0x5344736B}")
        database.execute("PRAGMA user_version = 9000000")
        database.execute("CREATE TABLE future (x)")
    database.close()


def _foreign(path: Path) -> None:
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE recipes (x)")
    database.close()


def _garbage(path: Path) -> None:
    path.write_bytes(b"not a database at all " * 500)


def _torn(path: Path) -> None:
    """A good beginning, and garbage where its tables should be."""
    content = bytearray(path.read_bytes())
    content[4096:] = bytes(range(256)) * ((len(content) - 4096) // 256)
    path.write_bytes(content)


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (_newer, "desk.db was written by a newer supportdesk, which this one cannot read"),
        (_foreign, "desk.db is a database of another program"),
        (_garbage, "desk.db is damaged and cannot be read"),
        (_torn, "desk.db is damaged and cannot be read"),
    ],
)
def test_a_desk_db_that_cannot_be_used(
    dovecot_lab: DovecotLab, tmp_path: Path, spoil: Spoil, words: str
) -> None:
    user = dovecot_lab.new_address()
    home = make_home(tmp_path, support(good_mail(dovecot_lab, user)), GOOD_SECRETS)
    desk_db = home / "desk.db"
    if spoil is _torn:
        assert command(home, "week").returncode == 0
    spoil(desk_db)
    before = desk_db.read_bytes()
    week = command(home, "week")
    assert (week.returncode, week.stdout) == (1, "")
    assert words in week.stderr
    doctor = command(home, "doctor", "--json")
    assert doctor.returncode == 1
    [part] = [one for one in json.loads(doctor.stdout)["parts"] if one["name"] == "desk.db"]
    assert not part["ok"]
    assert part["title"] == words
    assert str(desk_db) in part["advice"]
    with Watch(home) as watch:
        alert = wait_for_alert(watch, "health/desk.db")
        assert words.startswith(alert["title"].rstrip("…"))
        watch.wait_until_listening("Support")
        [problem] = json.loads(command(home, "status", "--json").stdout)["problems"]
        assert problem["title"] == words
        assert "nothing of this run is remembered" in problem["advice"]
        dovecot_lab.deliver(message(4, user), to=user)
        wait_for_mail(watch, 4)
        watch.wait_for(lambda _: bool(watch.told("alert", "mail")), seconds=20, what="its alert")
        no_crash(watch)
    assert desk_db.read_bytes() == before
    desk_db.unlink()
    with Watch(home) as watch:
        watch.wait_until_listening("Support")
        assert watch.told("alert", "health") == []
        no_crash(watch)


def test_a_broken_mail_db_is_made_anew(dovecot_lab: DovecotLab, tmp_path: Path) -> None:
    user = dovecot_lab.new_address()
    home = make_home(tmp_path, support(good_mail(dovecot_lab, user)), GOOD_SECRETS)
    with Watch(home) as watch:
        watch.wait_until_listening("Support")
        dovecot_lab.deliver(message(5, user), to=user)
        wait_for_mail(watch, 5)
        no_crash(watch)
    for number, spoil in enumerate((_garbage, _torn), start=6):
        spoil(home / "mail.db")
        with Watch(home) as watch:
            watch.wait_until_listening("Support")
            dovecot_lab.deliver(message(number, user), to=user)
            wait_for_mail(watch, number)
            told = [line["message_id"] for line in watch.told("happened", "mail")]
            assert "<order-5@example.org>" not in told, "told again"
            no_crash(watch)


# --- messages ----------------------------------------------------------------------------------


def _hostile(user: str) -> dict[str, bytes]:
    """By Message-ID: messages that decoders stumble over."""
    envelope = f"From: Carla <carla@example.org>\r\nTo: {user}\r\nSubject: Order\r\n".encode()
    nested = b"Content-Type: message/rfc822\r\n\r\n" * 1_000
    parts = {
        "charset": b'Content-Type: text/plain; charset="x-none-such"\r\n'
        b"Content-Transfer-Encoding: base64\r\n\r\n!!!! not base64 \xff\xfe\r\n",
        "binary": b"Content-Type: text/plain; charset=utf-8\r\n\r\n" + bytes(range(128, 256)) * 3,
        "nested": nested + b"the innermost",
        "headers": b"Content-Type: multipart/mixed; boundary=\r\n"
        b"=?utf-8?q?=ff=\r\nno colon\r\n\r\nText",
        "no-body": b"Content-Type: multipart/alternative; boundary=x\r\n\r\n--x",
    }
    return {
        f"<{name}@example.org>": b"Message-ID: <%s@example.org>\r\n%s%s"
        % (name.encode(), envelope, rest)
        for name, rest in parts.items()
    }


def test_messages_that_cannot_be_decoded_stop_nobody(
    dovecot_lab: DovecotLab, tmp_path: Path
) -> None:
    user = dovecot_lab.new_address()
    home = make_home(tmp_path, support(good_mail(dovecot_lab, user)), GOOD_SECRETS)
    hostile = _hostile(user)
    with Watch(home) as watch:

        def told() -> set[str]:
            return {line["message_id"] for line in watch.told("happened", "mail")}

        watch.wait_until_listening("Support")
        dovecot_lab.deliver(*hostile.values(), to=user)
        dovecot_lab.deliver(message(8, user), to=user)
        wait_for_mail(watch, 8)
        wait_until(lambda: told() >= set(hostile), seconds=20, what="all of them")
        cache = MailCacheReader(home / "mail.db")
        wanted = {*hostile, "<order-8@example.org>"}
        wait_until(lambda: wanted <= set(_texts(cache, wanted)), seconds=20, what="their texts")
        texts = _texts(cache, wanted)
        cache.close()
        assert "as it came" in texts["<no-body@example.org>"].notices[0]
        assert "could not be decoded" in texts["<binary@example.org>"].notices[0]
        assert all(text.text or text.parts for text in texts.values())
        assert watch.told("alert", "health") == []
        no_crash(watch)


def _texts(cache: MailCacheReader, wanted: Iterable[str]) -> dict[str, MessageText]:
    found = {one: cache.text(SourceName("Support"), MessageId(one)) for one in wanted}
    return {one: text for one, text in found.items() if text is not None}


# --- the tray app ------------------------------------------------------------------------------


@pytest.mark.desktop
def test_the_tray_app_says_all_of_it(
    dovecot_lab: DovecotLab, pbx: AsteriskLab, desktop_lab: DesktopLab, tmp_path: Path
) -> None:
    user, own = dovecot_lab.new_address(), dovecot_lab.new_address()
    good = support(good_mail(dovecot_lab, own)) + office(good_phone(pbx))
    with broken_sources(dovecot_lab, pbx, user, tmp_path / "servers") as every:
        # This desktop has a key store, so the sentence for none is another one.
        broken = [one for one in every if one.secret is not None]
        secrets = {one.secret_name: str(one.secret) for one in broken}
        settings = good + "\n".join(as_toml(one) for one in broken)
        home = make_home(tmp_path, settings, GOOD_SECRETS | secrets)
        _newer(home / "desk.db")
        with DesktopApp(desktop_lab, home) as app:
            app.wait_until_listening("Support", "Office")
            titles = {one.name: one.title for one in broken}
            wait_until(
                lambda: titles.items() <= _told_of_sources(app).items(),
                seconds=40,
                what="every sentence",
            )
            app.wait_for_tooltip("Not listening since")
            [problem] = (app.status() or {})["problems"]
            assert problem["part"] == "desk.db"
            (home / "settings.toml").write_text(settings + "\n[alerts")
            wait_until(
                lambda: len((app.status() or {})["problems"]) == 2, seconds=10, what="both problems"
            )
            assert app.is_listening("Support", "Office")
            (home / "settings.toml").write_text(good)
            wait_until(
                lambda: len((app.status() or {})["problems"]) == 1, seconds=10, what="one problem"
            )
            app.wait_until_listening("Support", "Office")
            app.wait_for_tooltip("nobody waits for a reply")
            app.stop()
            assert "Traceback" not in app.output()


def _told_of_sources(app: DesktopApp) -> dict[str, str]:
    status = app.status() or {"sources": []}
    return {one["source"]: one["title"] or "" for one in status["sources"]}


@pytest.mark.desktop
def test_a_settings_file_that_is_broken_at_the_start_is_shown_and_not_taken_for_none(
    desktop_lab: DesktopLab, tmp_path: Path
) -> None:
    home = make_home(tmp_path, '[[mail]]\nname = "Support\n')
    with DesktopApp(desktop_lab, home) as app:
        # On the page and on the pop-up.
        wait_until(
            lambda: any(
                "settings.toml, line 2, cannot be read" in one.name
                and one.program.startswith("supportdesk")
                for one in controls(desktop_lab, role="label")
            ),
            seconds=20,
            what="the sentence in the window",
        )
        assert app.tooltip() != ""


# --- the disk ----------------------------------------------------------------------------------


def test_a_disk_that_takes_nothing_stops_no_alert_and_loses_nothing(tmp_path: Path) -> None:
    home = make_home(tmp_path, "")
    with Watch(home) as watch:
        watch.wait_for(lambda line: line["what"] == "state", seconds=20, what="the start")
        _ring(home, "before")
        with no_room(watch.pid):
            _ring(home, "meanwhile")
            alert = wait_for_alert(watch, "health/disk")
            assert "desk.db" in alert["title"]
            _ring(home, "later")
            watch.wait_for(
                lambda line: line["what"] == "alert" and line["title"].startswith("later"),
                seconds=10,
                what="an alert in spite of the disk",
            )
            [problem] = json.loads(command(home, "status", "--json").stdout)["problems"]
            assert problem["part"] == "disk"
        wait_for_alert(watch, "health/disk", what="withdrawn")
        told = {line["key"] for line in watch.told("happened")}
        assert len(told) == 3
        no_crash(watch)
    with Watch(home) as watch:
        watch.wait_for(lambda line: line["what"] == "state", seconds=20, what="the start")
        _ring(home, "after")
        watch.wait_for(lambda _: bool(watch.told("happened")), seconds=10, what="the next call")
        assert not told & {line["key"] for line in watch.told("happened")}
        no_crash(watch)
    store = SqliteDeskStore(home / "desk.db")
    names = {call.name for call in store.calls_since(datetime(2020, 1, 1, tzinfo=UTC))}
    store.close()
    assert names == {"before", "meanwhile", "later", "after"}


@contextmanager
def no_room(pid: int) -> Iterator[None]:
    """No file of this process may grow: what it writes fails, as on a full disk."""
    before = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (0, before[1]))
    try:
        yield
    finally:
        resource.prlimit(pid, resource.RLIMIT_FSIZE, before)


def _ring(home: Path, name: str) -> None:
    number = f"+42060{sum(name.encode()):07}"
    ringing = command(home, "call", "ringing", "--from", number, "--name", name, "--id", name)
    assert ringing.returncode == 0, ringing.stderr
