"""What an idle tray app has in memory: one mailbox and one PBX, both heard, no window.

It runs all day, and modules are most of what it weighs (`python -m tests.bench idle`). One that is
not in these lists was imported by somebody: import it inside the function that needs it, with a
word on why, or add it here, with an eye on the bench.
"""

import subprocess
import sys
from collections.abc import Iterator, Set
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication

from tests.e2e import running
from tests.fakes.ami_script import AmiScript, queue
from tests.fakes.ami_server import FakeAmi
from tests.fakes.imap_server import ImapServer
from tests.lab.waiting import wait_until

# Domain and services are what a desk is; of the rest the modules are named.
_WHOLE = ("supportdesk.domain", "supportdesk.services")
_OF_SERVICES_NOT = (
    "act_words answer_ports call_export collisions drafts file_danger forgetting handled hints"
    " log_corrections log_export log_import log_rows log_settling log_size log_union"
    " one_ring_share outbox outbox_lines outbox_rows outbox_waits outbox_words own_answer quoting"
    " reading_clock reading_report reading_run saved_replies search_query send_commands send_steps"
    " signature_numbers spelling"
    " chat_message east_asian_names lessons lift_alerts lift_store lift_thanks lifted_calls lifts"
    " masking naming passage_lines phone_week_page phone_week_store phone_weeks"
    " quote_export quote_words said_where starters typed_lines voice_store voices week_lines"
    " week_page words_html words_markdown words_text words_union"
)
# Nobody answers: what an answer is comes with the first.
_OF_DOMAIN_NOT = (
    "answers greetings phone_week promise_words reply_rules send_events sending voices words_page"
)
_OURS = {
    "": "adapters app_silence bootstrap cli commands core diagnosis domain protocols services ui",
    "adapters": "answering atomic_file attachment_store call_spool claiming clock desk_runner"
    " desktop garbage log_file login_name mail network_changes notified_socket numbers one_heap"
    " opening_hours phone places plain_imports qt_publisher right_of_way secrets settings_file"
    " settings_reader settings_table settings_watch silence_tests small_files sources storage tcp"
    " toml_lines week_locale worker_signals",
    "adapters.desktop": "alert_chain alert_sounds bus bus_messages desktop_theme do_not_disturb"
    " freedesktop_alerts local_socket log_alerts notification_daemon notify_call plyer_alerts"
    " popup_memory popup_text presenter_reports presenters session_signals single_instance sounds"
    " unix_signals without_gtk x_screen_watch",
    "adapters.mail": "baselines envelope_answer imap_link imap_login imap_worker mail_problems"
    " mail_session mailbox_names mailbox_opening marks_look open_mailbox other_mailboxes"
    " own_mailboxes requests source_health telling transport uid_comparison verified_tls"
    " watched_mailbox",
    "adapters.phone": "ami_connection asterisk due_timer hook hook_door phone_health phone_past"
    " phone_problems phone_socket",
    "adapters.storage": "cache_size call_pages card_rows copied_open desk_rows desk_store"
    " kept_data kept_tables looking_through mail_batch mail_cache mail_cache_reader mail_database"
    " mail_leaving mail_news mail_pruning mail_rows mail_schema migrating patient_store"
    " promise_tables search_database search_schema side_tables span_table sqlite_errors",
    "commands": "app requests watch",
    "diagnosis": "board",
    "protocols": "ami ami_calls ami_dial ami_inquiries ami_lifts ami_line ami_link ami_members"
    " ami_outgoing ami_session ami_snapshot ami_words backoff charset_guess charsets gtk_look"
    " header_text hook_calls hook_fields imap_bulk imap_envelope imap_parser imap_responses"
    " mail_dates mail_headers mail_people mailbox_sync x_managers x_setup xsettings",
    "ui": "banner controllers first_icon presenter rows theme tray tray_hosts",
    "ui.controllers": "dirty_areas",
    "ui.presenter": "last_talk strip tray words",
    "ui.rows": "common strip tray",
    "ui.theme": "palette resources theme tokens tray_pixmaps",
}
# Beyond what a bare PySide6 tray app has.
_OF_OTHERS = (
    "imap_tools jeepney platformdirs array calendar copy ctypes dataclasses datetime email fcntl"
    " gc glob hashlib heapq imaplib json locale queue quopri select selectors signal socket"
    " sqlite3 ssl subprocess tomllib unicodedata"
)
_BARE = """
import sys
from PySide6.QtWidgets import QApplication, QSystemTrayIcon
from PySide6.QtGui import QIcon, QPixmap
app = QApplication([])
print(*sys.modules)
"""
_OURS_IDLE = """
import enum, sys, threading
def tell():
    sys.stdin.readline()
    enums = [*enum.Enum.__subclasses__(), *enum.IntEnum.__subclasses__()]
    made = {kind.__qualname__ for kind in enums}
    names = ["the Qt namespace"] * ("Qt.Key" in made) + ["QStyle"] * ("QStyle.StyleHint" in made)
    print(*sys.modules, *names, sep="\\n", flush=True)
threading.Thread(target=tell, daemon=True).start()
from PySide6.QtWidgets import QSystemTrayIcon
# Without a place for the icon a window would come.
QSystemTrayIcon.isSystemTrayAvailable = staticmethod(lambda: True)
from supportdesk.cli import main
main(["--background"])
"""
_SETTINGS = """
[[mail]]
name = "Support"
address = "support@lab.test"
host = "127.0.0.1"
port = {imap}
security = "none"

[[phone]]
name = "Office"
kind = "asterisk"
host = "127.0.0.1"
port = {ami}
user = "supportdesk"
queues = ["support"]
founder = "PJSIP/100"
"""


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory, qapp: QCoreApplication) -> Iterator[Set[str]]:
    pbx = FakeAmi(AmiScript(queues=[queue("support")]))
    with ImapServer() as server:
        settings = _SETTINGS.format(imap=server.port, ami=pbx.port)
        secrets = {"mail/Support": "s", "phone/Office": "s"}
        home = running.make_home(tmp_path_factory.mktemp("idle"), settings, secrets)
        yield _modules_of_app(home, qapp)
    pbx.close()


def _modules_of_app(home: Path, qapp: QCoreApplication) -> Set[str]:
    app = subprocess.Popen(
        [sys.executable, "-c", _OURS_IDLE],
        env=running.environment(home) | {"QT_QPA_PLATFORM": "offscreen"},
        cwd=running.REPOSITORY,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        wait_until(lambda: _hears_both(home, qapp), seconds=60, what="the app to hear both")
        assert app.stdin is not None
        app.stdin.write("tell\n")
        app.stdin.flush()
        app.terminate()
        said, _ = app.communicate(timeout=60)
    finally:
        app.kill()
        app.wait()
    return set(said.splitlines())


def _hears_both(home: Path, qapp: QCoreApplication) -> bool:
    """The make-believe PBX answers on our thread, while `status` runs in a process of its own."""
    asked = subprocess.Popen(
        [sys.executable, "-m", "supportdesk", "status", "--json"],
        env=running.environment(home),
        cwd=running.REPOSITORY,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    while asked.poll() is None:
        qapp.processEvents()
    said, _ = asked.communicate()
    return said.count('"health": "listening"') == 2


def test_of_our_own_modules_only_what_an_idle_tray_runs(loaded: Set[str]) -> None:
    allowed = {"supportdesk"} | {
        ".".join(filter(None, ("supportdesk", package, name)))
        for package, names in _OURS.items()
        for name in names.split()
    }
    ours = {name for name in loaded if name.partition(".")[0] == "supportdesk"}
    assert "supportdesk.adapters.phone.asterisk" in ours
    assert {name for name in ours - allowed if not name.startswith(_WHOLE)} == set()
    assert ours & {f"supportdesk.services.{name}" for name in _OF_SERVICES_NOT.split()} == set()
    assert ours & {f"supportdesk.domain.{name}" for name in _OF_DOMAIN_NOT.split()} == set()


def test_of_others_only_what_it_uses(loaded: Set[str]) -> None:
    bare = subprocess.run(
        [sys.executable, "-c", _BARE],
        env=running.environment(Path("/")) | {"QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    more = {_package(name) for name in loaded if not name.startswith("supportdesk")}
    more -= {_package(name) for name in bare}
    assert {name for name in more - set(_OF_OTHERS.split()) if not name.startswith("_")} == set()


def test_the_qt_namespace_with_its_1500_members_is_not_made(loaded: Set[str]) -> None:
    """Look for `Qt.` and for what returns one of its enums: 1.1 MB at the first touch."""
    assert "the Qt namespace" not in loaded


def test_the_class_of_styles_is_not_made(loaded: Set[str]) -> None:
    """By asking the application for its style, or setting one: 0.5 MB."""
    assert "QStyle" not in loaded


def _package(module: str) -> str:
    """Of PySide6 each module counts, of others the package."""
    return module if module.startswith("PySide6.Qt") else module.partition(".")[0]
