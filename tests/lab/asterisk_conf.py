"""Writes the configuration of one lab PBX from the files in `asterisk/`."""

import math
import struct
import wave
from dataclasses import dataclass
from pathlib import Path

from tests.lab.asterisk_root import AsteriskRoot
from tests.lab.certificates import ServerCertificate

SECRET = "lab-secret"
PHONE_NAMES = {
    "100": "Fay Founder",
    "201": "Ann Agent",
    "202": "Bob Agent",
    "203": "Cy Agent",
}

TEMPLATES = Path(__file__).parent / "asterisk"
_FOLDERS = ("etc", "varlib", "db", "spool/moh", "run", "log/cdr-csv", "keys/keys")
_SAMPLES_PER_SECOND = 8000


@dataclass(frozen=True, slots=True, kw_only=True)
class PbxSettings:
    """Where the PBX keeps its files and where it listens.

    `network` is the lab's own loopback network, such as "127.83.12": the PBX is its host 1, the
    phones are 10 to 23, and callers from the outside 48 to 63. A talkative PBX stamps its events
    with the time, and says of each call what it writes into its books (CDR and CEL).
    """

    folder: Path
    network: str
    ami_port: int
    ami_tls_port: int
    certificate: ServerCertificate
    is_talkative: bool = False

    @property
    def sip_host(self) -> str:
        return f"{self.network}.1"

    def phone_host(self, number: str) -> str:
        return f"{self.network}.{10 if number == '100' else int(number) - 180}"

    def customer_host(self, index: int) -> str:
        return f"{self.network}.{50 + index}"


def write_configuration(settings: PbxSettings, root: AsteriskRoot) -> None:
    for name in _FOLDERS:
        (settings.folder / name).mkdir(parents=True, exist_ok=True)
    certificate = settings.certificate
    pem = settings.folder / "keys/ami.pem"
    pem.write_bytes(certificate.key.read_bytes() + certificate.certificate.read_bytes())
    values = {
        "@FOLDER@": str(settings.folder),
        "@ROOT@": str(root.folder),
        "@MODULES@": str(root.modules),
        "@AMI_PORT@": str(settings.ami_port),
        "@AMI_TLS_PORT@": str(settings.ami_tls_port),
        "@AMI_PEM@": str(pem),
        "@AMI_KEY@": str(certificate.key),
        "@SECRET@": SECRET,
        "@SIP_HOST@": settings.sip_host,
        "@CUSTOMER_HOST@": settings.customer_host(1),
        "@TRUNK_NETWORK@": f"{settings.network}.48/28",
        "@TALKATIVE@": "yes" if settings.is_talkative else "no",
        "@LOAD_BOOKS@": "load" if settings.is_talkative else "noload",
    }
    for template in TEMPLATES.glob("*.conf"):
        text = template.read_text()
        for place, value in values.items():
            text = text.replace(place, value)
        (settings.folder / "etc" / template.name).write_text(text)
    _write_tone(settings.folder / "spool/moh/tone.wav")


def _write_tone(path: Path) -> None:
    """Ten seconds of a soft tone, for callers on hold."""
    turn = 2 * math.pi * 440 / _SAMPLES_PER_SECOND
    second = b"".join(
        struct.pack("<h", int(3000 * math.sin(turn * sample)))
        for sample in range(_SAMPLES_PER_SECOND)
    )
    with wave.open(str(path), "wb") as tone:
        tone.setnchannels(1)
        tone.setsampwidth(2)
        tone.setframerate(_SAMPLES_PER_SECOND)
        tone.writeframes(second * 10)
