"""Passwords, against a real GNOME Keyring on a bus of the test's own."""

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from supportdesk.adapters.secrets import KeyringSecrets
from supportdesk.domain.errors import SecretsUnavailable
from supportdesk.services.ports import SecretStore
from tests.fakes.session_bus import PrivateBus, private_bus
from tests.lab.desktop import DesktopLab, DesktopSettings, Keyring, Notifier, Tray
from tests.lab.processes import LabProcess
from tests.lab.waiting import is_soon, wait_until

NAME = "mail/Support"
SECRET = "pässwörd with 'quotes' and 😀"


@pytest.fixture
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home with no key store of its own and no settings for keyring."""
    home = tmp_path / "home"
    for folder in (home, home / "run", home / "run" / "keyring"):
        folder.mkdir(mode=0o700)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(home / "run"))
    for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, str(home / name))
    for name in ("PYTHON_KEYRING_BACKEND", "DBUS_SESSION_BUS_ADDRESS", "DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    return home


@pytest.fixture
def bus(environment: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[PrivateBus]:
    with private_bus(environment) as started:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", started.address)
        yield started


def start_keyring(bus: PrivateBus, *options: str) -> LabProcess:
    password = bus.folder / "password"
    password.write_text("lab")
    keyring = bus.launch(
        "keyring",
        [
            *("gnome-keyring-daemon", "--foreground", "--components=secrets", *options),
            f"--control-directory={bus.folder}/run/keyring",
        ],
        env=dict(os.environ),
        stdin=password if options else None,
    )
    bus.wait_for_name("org.freedesktop.secrets")
    return keyring


@pytest.fixture
def keyring(bus: PrivateBus) -> LabProcess:
    return start_keyring(bus, "--unlock")


def test_a_secret_is_kept_found_and_forgotten(keyring: LabProcess) -> None:
    secrets: SecretStore = KeyringSecrets()
    assert secrets.get(NAME) is None
    secrets.set(NAME, SECRET)
    secrets.set("phone/Office", "other")
    assert KeyringSecrets().get(NAME) == SECRET
    secrets.set(NAME, "changed")
    assert secrets.get(NAME) == "changed"
    secrets.clear(NAME)
    secrets.clear(NAME)
    assert secrets.get(NAME) is None
    assert secrets.get("phone/Office") == "other"


def test_it_is_found_under_the_names_of_the_design(keyring: LabProcess, bus: PrivateBus) -> None:
    KeyringSecrets().set(NAME, SECRET)
    lookup = bus.launch(
        "secret-tool",
        ["secret-tool", "lookup", "service", "supportdesk", "username", NAME],
        env=dict(os.environ),
    )
    lookup.stop(seconds=10, number=signal.SIGCONT)
    assert lookup.log.read_text() == SECRET


def test_credentials_of_the_service_manager_win(keyring: LabProcess, tmp_path: Path) -> None:
    (tmp_path / "mail.Support").write_text("from systemd\n")
    secrets = KeyringSecrets(tmp_path)
    secrets.set(NAME, SECRET)
    assert secrets.get(NAME) == "from systemd"
    assert secrets.get("mail/Other") is None


def test_credentials_need_no_key_store(environment: Path, tmp_path: Path) -> None:
    (tmp_path / "mail.Support").write_text(" spaces count ")
    (tmp_path / "mail.Broken").write_bytes(b"\xff\xfe")
    secrets = KeyringSecrets(tmp_path)
    assert secrets.get(NAME) == " spaces count "
    with pytest.raises(SecretsUnavailable, match=r"mail\.Broken"):
        secrets.get("mail/Broken")


def test_no_name_leads_out_of_the_credentials(environment: Path, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("not yours")
    (tmp_path / "inner").mkdir()
    with pytest.raises(SecretsUnavailable, match="no key store"):
        KeyringSecrets(tmp_path / "inner").get("../secret")


def test_a_missing_credential_is_named(environment: Path, tmp_path: Path) -> None:
    with pytest.raises(SecretsUnavailable) as caught:
        KeyringSecrets(tmp_path).get(NAME)
    file_name = NAME.replace("/", ".")
    assert caught.value.title == f"There is no credential {file_name}"
    assert "there is no key store on this computer" in caught.value.advice
    assert str(tmp_path) in caught.value.advice
    assert f"LoadCredential={file_name}" in caught.value.advice
    assert "for this run only" not in caught.value.advice


def test_without_a_key_store_it_is_said_and_kept_for_this_run(environment: Path) -> None:
    secrets = KeyringSecrets()
    with pytest.raises(SecretsUnavailable, match="There is no key store on this computer"):
        secrets.get(NAME)
    with pytest.raises(SecretsUnavailable, match="There is no key store on this computer"):
        secrets.set(NAME, SECRET)
    secrets.remember_for_now(NAME, SECRET)
    assert secrets.get(NAME) == SECRET
    diagnosis = secrets.diagnose()
    assert not diagnosis.is_working
    assert diagnosis.for_now == (NAME,)
    assert "no key store" in diagnosis.words
    everything = [path for path in environment.rglob("*") if path.is_file()]
    assert not [path for path in everything if SECRET.encode() in path.read_bytes()]


def test_a_bus_without_a_key_store(bus: PrivateBus) -> None:
    with pytest.raises(SecretsUnavailable, match="There is no key store"):
        KeyringSecrets().get(NAME)


def test_a_key_store_that_starts_later_is_found(bus: PrivateBus) -> None:
    secrets = KeyringSecrets()
    with pytest.raises(SecretsUnavailable):
        secrets.set(NAME, SECRET)
    secrets.remember_for_now(NAME, SECRET)
    start_keyring(bus, "--unlock")
    secrets.set(NAME, SECRET)
    assert KeyringSecrets().get(NAME) == SECRET
    assert secrets.diagnose().for_now == ()


def test_a_key_store_that_was_never_used_is_not_opened_to_look(bus: PrivateBus) -> None:
    start_keyring(bus)
    secrets = KeyringSecrets()
    assert secrets.get(NAME) is None
    secrets.clear(NAME)
    assert "no secret was ever kept" in secrets.diagnose().words


def test_a_locked_key_store_that_cannot_ask_is_said(bus: PrivateBus) -> None:
    start_keyring(bus, "--unlock").kill()
    start_keyring(bus)
    secrets = KeyringSecrets(answer_seconds=2, prompt_seconds=4)
    assert "locked" in secrets.diagnose().words
    with pytest.raises(SecretsUnavailable, match="The key store is locked"):
        secrets.get(NAME)


def test_a_key_store_that_dies_is_said(bus: PrivateBus, keyring: LabProcess) -> None:
    secrets = KeyringSecrets()
    secrets.set(NAME, SECRET)
    keyring.kill()
    with pytest.raises(SecretsUnavailable, match="no key store"):
        secrets.get(NAME)
    start_keyring(bus, "--unlock")
    assert secrets.get(NAME) == SECRET


def test_a_bus_that_dies_is_said(bus: PrivateBus, keyring: LabProcess) -> None:
    secrets = KeyringSecrets()
    secrets.set(NAME, SECRET)
    bus.kill()
    with pytest.raises(SecretsUnavailable):
        secrets.get(NAME)


def test_a_key_store_that_hangs_is_given_up_and_used_again_later(keyring: LabProcess) -> None:
    # As long as a store that is well may take on a machine with other things to do.
    secrets = KeyringSecrets(answer_seconds=60)
    secrets.set(NAME, SECRET)
    keyring.send(signal.SIGSTOP)
    secrets._answer_seconds = 1
    with pytest.raises(SecretsUnavailable, match="does not answer"):
        secrets.get(NAME)
    with pytest.raises(SecretsUnavailable, match="does not answer"):
        secrets.get(NAME)
    hanging = [thread for thread in threading.enumerate() if thread.name == "key store"]
    assert len(hanging) == 1, "no thread piles up while it hangs"
    keyring.send(signal.SIGCONT)
    hanging[0].join(60)
    secrets._answer_seconds = 60
    assert secrets.get(NAME) == SECRET


def test_several_workers_ask_at_once(keyring: LabProcess) -> None:
    secrets = KeyringSecrets()
    secrets.set(NAME, SECRET)
    found: list[str | None] = []
    threads = [threading.Thread(target=lambda: found.append(secrets.get(NAME))) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert found == [SECRET] * 5


@pytest.mark.parametrize(
    ("backend", "words"),
    [
        ("keyring.backends.null.Keyring", "There is no key store"),
        ("keyring.backends.fail.Keyring", "There is no key store"),
        ("nowhere.Keyring", "cannot be loaded"),
        ("keyring.backends.SecretService.Keyring", "cannot be loaded"),
    ],
)
def test_what_keyring_is_configured_to_use(
    environment: Path, monkeypatch: pytest.MonkeyPatch, backend: str, words: str
) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", backend)
    with pytest.raises(SecretsUnavailable, match=words):
        KeyringSecrets().get(NAME)


def test_a_store_of_the_users_own_choice(
    environment: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "tests.fakes.memory_keyring.MemoryKeyring")
    secrets = KeyringSecrets()
    secrets.set(NAME, SECRET)
    assert secrets.get(NAME) == SECRET
    secrets.clear(NAME)
    secrets.clear(NAME)
    assert secrets.get(NAME) is None
    with pytest.raises(SecretsUnavailable, match="did not keep it"):
        secrets.set("mail/Forgetful", SECRET)
    with pytest.raises(SecretsUnavailable, match="failed: the safe is jammed"):
        secrets.get("mail/Jammed")
    with pytest.raises(ZeroDivisionError):
        secrets.get("mail/Bug")


@pytest.mark.desktop
def test_a_locked_key_store_asks_and_waits_for_the_answer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings = DesktopSettings(tray=Tray.NONE, notifier=Notifier.NONE, keyring=Keyring.LOCKED)
    with DesktopLab(settings) as lab:
        for name, value in lab.env.items():
            monkeypatch.setenv(name, value)
        monkeypatch.delenv("PYTHON_KEYRING_BACKEND", raising=False)
        deadline = 5.0
        secrets = KeyringSecrets(answer_seconds=deadline, prompt_seconds=120)
        began = time.monotonic()
        told: list[str] = []
        asking = threading.Thread(target=_keep, args=(secrets, told.append), daemon=True)
        asking.start()

        def is_answered() -> bool:
            """What is typed before the question has the keyboard is lost."""
            prompt = ("xdotool", "search", "--onlyvisible", "--class", "gcr-prompter")
            is_late = time.monotonic() > began + deadline
            if is_late and lab.exec(*prompt).returncode == 0:
                lab.press("ctrl+a")
                lab.exec("xdotool", "type", "lab")
                lab.press("Return")
            return is_soon(lambda: told != [], seconds=2)

        wait_until(is_answered, seconds=30, what="the answer to be taken")
        assert told == [SECRET]


def _keep(secrets: KeyringSecrets, tell: Callable[[str], None]) -> None:
    secrets.set(NAME, SECRET)
    tell(secrets.get(NAME) or "")
