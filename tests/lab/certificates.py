"""Throw-away certificate authorities and server certificates, good, expired or for another host."""

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

_START = datetime(2020, 1, 1, tzinfo=UTC)
_VALID = timedelta(days=36_500)
_BRIEFLY = timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerCertificate:
    """Files that a server is configured with."""

    certificate: Path
    key: Path


class LabAuthority:
    """A certificate authority of one lab; `ca_file` is what a client is told to trust."""

    def __init__(self, folder: Path, name: str = "supportdesk lab CA") -> None:
        self.folder = folder
        self.ca_file = folder / "ca.pem"
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = _name(name)
        usage = x509.KeyUsage(
            digital_signature=True,
            key_cert_sign=True,
            crl_sign=True,
            content_commitment=False,
            key_encipherment=False,
            data_encipherment=False,
            key_agreement=False,
            encipher_only=False,
            decipher_only=False,
        )
        certificate = (
            _builder(self._name, self._name, self._key, _VALID)
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .add_extension(usage, critical=True)
            .sign(self._key, hashes.SHA256())
        )
        self.ca_file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))

    def issue(
        self,
        stem: str,
        *,
        names: Sequence[str] = ("localhost", "127.0.0.1"),
        valid_for: timedelta = _VALID,
    ) -> ServerCertificate:
        key = ec.generate_private_key(ec.SECP256R1())
        public = self._key.public_key()
        authority = x509.AuthorityKeyIdentifier.from_issuer_public_key(public)
        certificate = (
            _builder(_name(names[0]), self._name, key, valid_for)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(x509.SubjectAlternativeName([_alternative(n) for n in names]), False)
            .add_extension(authority, False)
            .sign(self._key, hashes.SHA256())
        )
        files = ServerCertificate(
            certificate=self.folder / f"{stem}.pem", key=self.folder / f"{stem}.key"
        )
        files.certificate.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
        files.key.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )
        return files

    def issue_expired(self, stem: str) -> ServerCertificate:
        return self.issue(stem, valid_for=_BRIEFLY)


def _name(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, common_name)])


def _alternative(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _builder(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    valid_for: timedelta,
) -> x509.CertificateBuilder:
    public = key.public_key()
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(_START)
        .not_valid_after(_START + valid_for)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
    )
