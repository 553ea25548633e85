import pytest

from supportdesk.domain.errors import (
    AuthRejected,
    CertificateRejected,
    ConnectionLost,
    PeerProtocolError,
    Problem,
    SecretsUnavailable,
    SettingsError,
    StoreError,
    SupportDeskError,
)


def test_an_error_says_what_is_wrong_and_what_to_do() -> None:
    error = ConnectionLost("imap.desk.example does not answer", "It is tried again by itself.")
    assert str(error) == "imap.desk.example does not answer. It is tried again by itself."
    assert error.problem == Problem(
        title="imap.desk.example does not answer",
        advice="It is tried again by itself.",
        is_for_founder=False,
    )
    assert error.problem.sort == "ConnectionLost"


@pytest.mark.parametrize(
    "kind",
    [AuthRejected, CertificateRejected, PeerProtocolError, StoreError, SecretsUnavailable],
)
def test_what_waiting_cannot_mend_is_for_the_founder(kind: type[SupportDeskError]) -> None:
    assert kind("Wrong", "Do this.").problem.is_for_founder


def test_a_settings_error_names_the_place() -> None:
    error = SettingsError("Port is not a number", "Use 993.", key="mail[0].port", line=7)
    assert (error.key, error.line) == ("mail[0].port", 7)
    assert error.problem.is_for_founder


def test_a_settings_error_may_not_know_the_place() -> None:
    error = SettingsError("Broken", "Look at it.")
    assert (error.key, error.line) == (None, None)
