"""The whole collection, with the canaries filled in."""

import base64
from dataclasses import dataclass
from functools import partial

from tests.adapters.hostile_html.canaries import Canaries
from tests.adapters.hostile_html.encodings import ENCODINGS
from tests.adapters.hostile_html.loading import DOCUMENTS, FILES, IMAGES, MEDIA
from tests.adapters.hostile_html.scripts import DECEPTIONS, SCRIPTS
from tests.adapters.hostile_html.styles import STYLES

_HEADER = (
    "From: Ingrid <ingrid@shop.example>\r\nTo: help@example.com\r\nSubject: Flour\r\n"
    "Date: Sat, 21 Nov 2026 10:00:00 +0000\r\nMessage-ID: <a@shop.example>\r\nMIME-Version: 1.0\r\n"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One hostile document, as a part of a message."""

    name: str
    source: str
    charset: str = "utf-8"
    codec: str = "utf-8"

    def html(self, canaries: Canaries) -> str:
        return canaries.filled(self.source)

    def body(self, canaries: Canaries) -> bytes:
        return self.html(canaries).encode(self.codec, "surrogateescape")

    def message(self, canaries: Canaries) -> bytes:
        packed = base64.encodebytes(self.body(canaries))
        head = (
            f"{_HEADER}Content-Type: text/html; charset={self.charset}\r\n"
            "Content-Transfer-Encoding: base64\r\n\r\n"
        )
        return head.encode() + packed


def _plain(kind: str, name: str, source: str) -> Sample:
    return Sample(name=f"{kind}: {name}", source=source)


def _all() -> list[Sample]:
    groups = {
        "image": IMAGES,
        "media": MEDIA,
        "document": DOCUMENTS,
        "file": FILES,
        "style": STYLES,
        "script": SCRIPTS,
        "deception": DECEPTIONS,
    }
    found = []
    for kind, group in groups.items():
        made = partial(_plain, kind)
        found += [made(name, source) for name, source in group.items()]
    found += [
        Sample(name=f"encoding: {name}", source=source, charset=charset, codec=codec)
        for name, (charset, source, codec) in ENCODINGS.items()
    ]
    return found


SAMPLES = _all()
