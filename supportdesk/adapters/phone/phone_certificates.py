"""The certificates of phone systems: whom we believe, and why one proves nothing.

Loaded with the first phone that speaks TLS: what Qt has for it is not for a tray without one.
"""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtNetwork import QSslCertificate, QSslError

from supportdesk.domain.errors import CertificateRejected
from supportdesk.domain.settings import PhoneSettings

_NOTHING_SENT = "Nothing secret was sent."
_NAME_THE_CA = "If it is your company's own, name its CA file in the phone's settings (`ca_file`)."
_SELF_SIGNED = (
    QSslError.SslError.SelfSignedCertificate,
    QSslError.SslError.SelfSignedCertificateInChain,
)
_UNKNOWN_ISSUER = (
    QSslError.SslError.UnableToGetIssuerCertificate,
    QSslError.SslError.UnableToGetLocalIssuerCertificate,
    QSslError.SslError.UnableToVerifyFirstCertificate,
    QSslError.SslError.CertificateUntrusted,
)


def authorities(settings: PhoneSettings) -> list[QSslCertificate]:
    """Return the certificates of the CA file."""
    try:
        return QSslCertificate.fromData(Path(settings.ca_file).expanduser().read_bytes())
    except OSError:
        return []


def of_certificate(errors: Sequence[QSslError], settings: PhoneSettings) -> CertificateRejected:
    """Name the reason whose remedy is the nearest: a wrong name before an unknown issuer."""
    host, kinds = settings.host, {error.error() for error in errors}
    if QSslError.SslError.HostNameMismatch in kinds:
        return CertificateRejected(
            f"The certificate of {host} belongs to another host name",
            f"Use the name that the certificate of the phone system carries. {_NOTHING_SENT}",
        )
    if QSslError.SslError.CertificateExpired in kinds:
        return CertificateRejected(
            f"The certificate of {host} has expired",
            "Who runs the phone system has to renew it. Check this computer's date, too."
            f" {_NOTHING_SENT}",
        )
    if QSslError.SslError.CertificateNotYetValid in kinds:
        return CertificateRejected(
            f"The certificate of {host} is not valid yet",
            f"Check this computer's date. {_NOTHING_SENT}",
        )
    if kinds.intersection(_SELF_SIGNED):
        return CertificateRejected(
            f"The certificate of {host} is signed by itself, so it proves nothing",
            f"{_NAME_THE_CA} {_NOTHING_SENT}",
        )
    if kinds.intersection(_UNKNOWN_ISSUER):
        return CertificateRejected(
            f"The certificate of {host} is from an authority this computer does not know",
            f"{_NAME_THE_CA} {_NOTHING_SENT}",
        )
    return CertificateRejected(
        f"The certificate of {host} cannot be verified ({errors[0].errorString()})",
        f"Ask who runs the phone system. {_NOTHING_SENT}",
    )
