from pathlib import Path

import pytest

from supportdesk.adapters.mail.sending_secret import first_secret
from supportdesk.adapters.secrets import KeyringSecrets
from supportdesk.domain.errors import SecretsUnavailable
from tests.fakes.memory_secrets import MemorySecrets

NAMES = ("smtp/Support", "mail/Support")


def test_that_of_sending_comes_before_that_of_the_inbox() -> None:
    secrets = MemorySecrets({"mail/Support": "inbox"})
    assert first_secret(secrets, NAMES) == "inbox"
    secrets.set("smtp/Support", "sending")
    assert first_secret(secrets, NAMES) == "sending"
    assert first_secret(MemorySecrets(), NAMES) is None


def test_a_service_needs_a_credential_for_one_of_them_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere")
    (tmp_path / "mail.Support").write_text("inbox\n")
    assert first_secret(KeyringSecrets(tmp_path), NAMES) == "inbox"


def test_a_key_store_that_is_away_is_said() -> None:
    secrets = MemorySecrets()
    secrets.is_there = False
    with pytest.raises(SecretsUnavailable, match="no key store"):
        first_secret(secrets, NAMES)
