"""The Voices page and kept words wherever they stand."""

from __future__ import annotations

from dataclasses import dataclass

from supportdesk.domain.voices import Felt


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptWords:
    """Kept words of the text on show.

    Attributes:
        key: Of the quote.
        is_fresh: Kept just now: how they were felt can be chosen below them.
        near: Where they were selected, where the same words stand in more than one place.
    """

    key: str
    words: str
    felt: Felt | None = None
    is_fresh: bool = False
    near: int = 0
