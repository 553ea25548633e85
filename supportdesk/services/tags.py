"""Labels of the founder's own on conversations, and those that others use (F46's keywords)."""

from collections import Counter
from collections.abc import Iterable

from supportdesk.domain.side_marks import Tag, tag_name
from supportdesk.services.side_store import SideStore

MOST_ON_ONE = 12
"""Servers cap how many keywords a mailbox has, and a row has to stay readable."""


class Tags:
    """All labels. A conversation has those of its messages. What writes raises StoreError."""

    def __init__(self, store: SideStore) -> None:
        self._store = store
        self._of_item: dict[str, dict[str, None]] = {}

    def restore(self) -> None:
        """Take up those of desk.db; those known before are forgotten."""
        self._of_item.clear()
        for tag in self._store.tags():
            self._of_item.setdefault(tag.item, {})[tag.name] = None

    def of(self, items: Iterable[str]) -> tuple[str, ...]:
        """In the order in which they were given."""
        names = (name for item in items for name in self._of_item.get(item, ()))
        return tuple(dict.fromkeys(names))

    def items(self, name: str, among: Iterable[str]) -> tuple[str, ...]:
        """Which of these messages carry it."""
        return tuple(item for item in among if name in self._of_item.get(item, ()))

    def known(self) -> tuple[str, ...]:
        """All that are in use, what is used most first."""
        used = Counter(name for names in self._of_item.values() for name in names)
        return tuple(sorted(used, key=lambda name: (-used[name], name)))

    def add(self, items: Iterable[str], words: str) -> str:
        """On the newest of these messages; what it is called now, empty when nothing was added."""
        among = tuple(items)
        name, there = tag_name(words), self.of(among)
        if not name or name in there or len(there) >= MOST_ON_ONE:
            return ""
        self.put(Tag(item=among[-1], name=name))
        return name

    def put(self, tag: Tag) -> None:
        self._store.save_tag(tag)
        self._of_item.setdefault(tag.item, {})[tag.name] = None

    def remove(self, items: Iterable[str], name: str) -> tuple[Tag, ...]:
        """Off all of these messages; what was taken off, to be put back."""
        gone = tuple(Tag(item=item, name=name) for item in self.items(name, items))
        for tag in gone:
            self._store.remove_tag(tag)
            del self._of_item[tag.item][name]
        return gone
