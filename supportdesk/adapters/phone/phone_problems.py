"""What goes wrong between us and a phone system's socket, in the founder's words."""

import errno
import socket
import ssl

from supportdesk.adapters.phone.phone_socket import expanded
from supportdesk.adapters.tcp import is_loopback
from supportdesk.domain.errors import (
    ConnectionLost,
    PeerProtocolError,
    SettingsError,
    SupportDeskError,
)
from supportdesk.domain.settings import PhoneSettings, Security
from supportdesk.protocols import ami_words


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
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(expanded(settings.ca_file))
    except OSError:
        return False
    return True


def of_socket(error: OSError, settings: PhoneSettings) -> SupportDeskError:
    """Translate a failure to connect, or of TLS."""
    if isinstance(error, ssl.SSLCertVerificationError):
        # Its words come with the first that is refused.
        from supportdesk.adapters.phone.phone_certificates import of_certificate

        return of_certificate(error, settings)
    peer = peer_of(settings)
    if isinstance(error, ssl.SSLError):
        return _of_handshake(error, peer)
    if isinstance(error, ConnectionRefusedError):
        return ConnectionLost(
            f"The phone system {peer} refuses the connection",
            "Asterisk may be stopped, or AMI is off or on another port (`enabled` and `port` in"
            " manager.conf). supportdesk tries again by itself.",
        )
    if isinstance(error, socket.gaierror):
        return ConnectionLost(
            f"The phone system {settings.host} cannot be found",
            "Check the host name, and that this computer is online. supportdesk tries again by"
            " itself.",
        )
    if isinstance(error, TimeoutError):
        return ami_words.does_not_answer(peer)
    if error.errno in (errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN):
        return ConnectionLost(
            f"There is no way to the phone system {settings.host}",
            "This computer seems to be offline. supportdesk tries again by itself.",
        )
    return ami_words.lost(peer, f"cannot be reached ({error.strerror or error})")


def _may_be_plain(settings: PhoneSettings) -> bool:
    return is_loopback(settings.host) or settings.trust_network


def _of_handshake(error: ssl.SSLError, peer: str) -> SupportDeskError:
    reason = error.reason or str(error)
    if reason in ("WRONG_VERSION_NUMBER", "RECORD_LAYER_FAILURE", "HTTP_REQUEST"):
        return PeerProtocolError(
            f"{peer} does not speak TLS",
            "AMI with TLS is usually port 5039 (`tlsenable` and `tlsbindaddr` in manager.conf).",
        )
    return ami_words.lost(peer, f"cannot agree on encryption ({reason})")
