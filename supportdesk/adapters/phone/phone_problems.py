"""What goes wrong between us and a phone system's socket, in the founder's words."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtNetwork import QAbstractSocket, QHostAddress

from supportdesk.domain.errors import (
    ConnectionLost,
    PeerProtocolError,
    SettingsError,
    SupportDeskError,
)
from supportdesk.domain.settings import PhoneSettings, Security
from supportdesk.protocols import ami_words

if TYPE_CHECKING:
    from PySide6.QtNetwork import QSslError


def peer_of(settings: PhoneSettings) -> str:
    """Host and port, as messages name a phone system."""
    return f"{settings.host}:{settings.port}"


def check_settings(settings: PhoneSettings) -> None:
    """Refuse settings that would not work, or would show the login to the network.

    Raises:
        SettingsError: It names the key.
    """
    if not settings.host:
        raise SettingsError(
            f"The phone “{settings.name}” has no host",
            "Set `host` to the name or address of the Asterisk machine.",
            key="host",
        )
    if not settings.user or not settings.user.isprintable():
        raise SettingsError(
            f"The phone “{settings.name}” has no usable user",
            "Set `user` to the name of the user in manager.conf.",
            key="user",
        )
    if settings.security is Security.STARTTLS:
        raise SettingsError(
            f"The phone “{settings.name}” cannot use STARTTLS",
            'AMI has no STARTTLS: set `security` to "tls", usually with port 5039.',
            key="security",
        )
    if settings.security is Security.NONE and not _may_be_plain(settings):
        raise SettingsError(
            f"The phone “{settings.name}” would be watched without encryption",
            'Set `security = "tls"` and `port = 5039`. If the way to it is safe (a VPN, a wire of'
            " your own), set `trust_network = true`.",
            key="security",
        )
    if settings.ca_file and not _has_authorities(settings):
        raise SettingsError(
            f"The CA file {settings.ca_file} cannot be read or holds no certificate",
            "Name a file with certificates in PEM form as `ca_file`.",
            key="ca_file",
        )


def _has_authorities(settings: PhoneSettings) -> bool:
    from supportdesk.adapters.phone.phone_certificates import authorities

    return bool(authorities(settings))


def of_socket(
    error: QAbstractSocket.SocketError,
    text: str,
    certificate_errors: Sequence["QSslError"],
    settings: PhoneSettings,
) -> SupportDeskError:
    """Translate a failure to connect, or of TLS."""
    if certificate_errors:
        from supportdesk.adapters.phone.phone_certificates import of_certificate

        return of_certificate(certificate_errors, settings)
    peer, kinds = peer_of(settings), QAbstractSocket.SocketError
    if error in (kinds.SslHandshakeFailedError, kinds.SslInternalError):
        return _of_handshake(text, peer)
    if error is kinds.ConnectionRefusedError:
        return ConnectionLost(
            f"The phone system {peer} refuses the connection",
            "Asterisk may be stopped, or AMI is off or on another port (`enabled` and `port` in"
            " manager.conf). supportdesk tries again by itself.",
        )
    if error is kinds.HostNotFoundError:
        return ConnectionLost(
            f"The phone system {settings.host} cannot be found",
            "Check the host name, and that this computer is online. supportdesk tries again by"
            " itself.",
        )
    if error is kinds.NetworkError:
        return ConnectionLost(
            f"There is no way to the phone system {settings.host}",
            "This computer seems to be offline. supportdesk tries again by itself.",
        )
    if error is kinds.SocketTimeoutError:
        return ami_words.does_not_answer(peer)
    return ami_words.lost(peer, f"cannot be reached ({text})")


def _may_be_plain(settings: PhoneSettings) -> bool:
    is_loopback = settings.host == "localhost" or QHostAddress(settings.host).isLoopback()
    return is_loopback or settings.trust_network


def _of_handshake(text: str, peer: str) -> SupportDeskError:
    if "wrong version number" in text or "packet length" in text:
        return PeerProtocolError(
            f"{peer} does not speak TLS",
            "AMI with TLS is usually port 5039 (`tlsenable` and `tlsbindaddr` in manager.conf).",
        )
    return ami_words.lost(peer, f"cannot agree on encryption ({text})")
