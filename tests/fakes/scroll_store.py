"""A scroll store in memory; the disk can be made full."""

from supportdesk.domain.errors import StoreError
from supportdesk.services.morning_scroll import ScrollPlace


class MemoryScrollStore:
    """ScrollStore without a disk."""

    def __init__(self) -> None:
        self.is_full = False
        self.place: ScrollPlace | None = None

    def scroll(self) -> ScrollPlace | None:
        return self.place

    def save_scroll(self, place: ScrollPlace) -> None:
        if self.is_full:
            raise StoreError("The disk is full", "Make room.")
        self.place = place
