"""The certificates of phone systems: why one proves nothing."""

import ssl

from supportdesk.adapters.tcp import (
    EXPIRED,
    NOT_YET_VALID,
    SELF_SIGNED,
    UNKNOWN_ISSUER,
    WRONG_NAME,
)
from supportdesk.domain.errors import CertificateRejected
from supportdesk.domain.settings import PhoneSettings

_NOTHING_SENT = "Nothing secret was sent."
_NAME_THE_CA = "If it is your company's own, name its CA file in the phone's settings (`ca_file`)."


def of_certificate(
    error: ssl.SSLCertVerificationError, settings: PhoneSettings
) -> CertificateRejected:
    """Say the reason and its remedy."""
    host, code = settings.host, error.verify_code
    if code in WRONG_NAME:
        return CertificateRejected(
            f"The certificate of {host} belongs to another host name",
            f"Use the name that the certificate of the phone system carries. {_NOTHING_SENT}",
        )
    if code == EXPIRED:
        return CertificateRejected(
            f"The certificate of {host} has expired",
            "Who runs the phone system has to renew it. Check this computer's date, too."
            f" {_NOTHING_SENT}",
        )
    if code == NOT_YET_VALID:
        return CertificateRejected(
            f"The certificate of {host} is not valid yet",
            f"Check this computer's date. {_NOTHING_SENT}",
        )
    if code in SELF_SIGNED:
        return CertificateRejected(
            f"The certificate of {host} is signed by itself, so it proves nothing",
            f"{_NAME_THE_CA} {_NOTHING_SENT}",
        )
    if code in UNKNOWN_ISSUER:
        return CertificateRejected(
            f"The certificate of {host} is from an authority this computer does not know",
            f"{_NAME_THE_CA} {_NOTHING_SENT}",
        )
    return CertificateRejected(
        f"The certificate of {host} cannot be verified ({error.verify_message})",
        f"Ask who runs the phone system. {_NOTHING_SENT}",
    )
