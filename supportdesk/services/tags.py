"""Labels on conversations: the founder's own, and those of colleagues where they are shared (F46).

Each stands in some way with the mail server (`TagStanding`), and what is wished for there is
carried out when it can be. Without sharing nothing of it matters but that it is here.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import replace

from supportdesk.domain.errors import StoreError
from supportdesk.domain.side_marks import Tag, TagStanding, tag_name
from supportdesk.domain.tag_keywords import tag_keyword
from supportdesk.services.side_store import SideStore

MOST_ON_ONE = 12
"""Servers cap how many keywords a mailbox has, and a row has to stay readable."""


class Tags:
    """All labels. A conversation has those of its messages.

    What the founder does raises StoreError; what a server told is told again at the next start.
    """

    def __init__(self, store: SideStore) -> None:
        self._store = store
        self._shares = False
        self._of_item: dict[str, dict[str, TagStanding]] = {}
        # What was last told, by the beginning of the keys of an account.
        self._told: dict[str, frozenset[tuple[str, str]]] = {}

    def configure(self, *, shares: bool) -> None:
        """Whether tags are shared with colleagues."""
        if shares and not self._shares:
            for told in self._told.values():
                # Not into desk.db, which may be in the midst of a turn; it is told at each start.
                for item, name in sorted(told):
                    self._of_item.setdefault(item, {}).setdefault(name, TagStanding.SHARED)
        self._shares = shares

    @property
    def are_shared(self) -> bool:
        return self._shares

    def restore(self) -> None:
        """Take up those of desk.db; those known before are forgotten."""
        self._of_item.clear()
        for tag in self._store.tags():
            self._of_item.setdefault(tag.item, {})[tag.name] = tag.standing

    # --- what is known ------------------------------------------------------------------

    def of(self, items: Iterable[str]) -> tuple[str, ...]:
        """In the order in which they were given."""
        names = (name for item in items for name in self._on(item))
        return tuple(dict.fromkeys(names))

    def items(self, name: str, among: Iterable[str]) -> tuple[str, ...]:
        """Which of these messages carry it."""
        return tuple(item for item in among if name in self._on(item))

    def known(self) -> tuple[str, ...]:
        """All that are in use, what is used most first."""
        used = Counter(name for item in self._of_item for name in self._on(item))
        return tuple(sorted(used, key=lambda name: (-used[name], name)))

    def wishes(self) -> tuple[Tag, ...]:
        """What is to be done on the servers: set those that are wanted, take off what goes."""
        return tuple(
            Tag(item=item, name=name, standing=standing)
            for item, tags in self._of_item.items()
            for name, standing in tags.items()
            if self._shares and standing in (TagStanding.WANTED, TagStanding.GOING)
        )

    # --- what the founder does ----------------------------------------------------------

    def add(self, items: Iterable[str], words: str) -> str:
        """On the newest of these messages; what it is called now, empty when nothing was added."""
        among = tuple(items)
        name, there = tag_name(words), self.of(among)
        if not name or name in there or len(there) >= MOST_ON_ONE:
            return ""
        is_wanted = self._shares and tag_keyword(name)
        standing = TagStanding.WANTED if is_wanted else TagStanding.LOCAL
        self._put(Tag(item=among[-1], name=name, standing=standing))
        return name

    def put_back(self, tag: Tag) -> None:
        """One that was taken off; where colleagues have seen it they see it again."""
        is_wanted = self._shares and tag.standing is not TagStanding.LOCAL
        self._put(replace(tag, standing=TagStanding.WANTED) if is_wanted else tag)

    def remove(self, items: Iterable[str], name: str) -> tuple[Tag, ...]:
        """Off all of these messages; what was taken off, to be put back."""
        gone = tuple(
            Tag(item=item, name=name, standing=self._of_item[item][name])
            for item in self.items(name, items)
        )
        for tag in gone:
            if self._shares and tag.standing is not TagStanding.LOCAL:
                self._put(replace(tag, standing=TagStanding.GOING))
            else:
                self._store.remove_tag(tag)
                del self._of_item[tag.item][name]
        return gone

    # --- what servers tell --------------------------------------------------------------

    def seen(
        self, begins: str, tags: Iterable[tuple[str, str]], was_read: Callable[[str], bool]
    ) -> bool:
        """All tags that an account has now, by message and name; True when any is new or gone.

        Args:
            tags: Each message and name.
            begins: With it the keys of the account's messages begin.
            was_read: Whether a message carries no tags but these.
        """
        there = frozenset(tags)
        self._told[begins] = there
        if not self._shares:
            return False
        has_new = self._take_in(there)
        return self._leave_out(begins, there, was_read) or has_new

    def settled(self, item: str, name: str, *, is_on: bool, failed: bool, is_final: bool) -> bool:
        """What came of a wish; one that failed, and not finally, stays. True: it is seen."""
        standing = self._of_item.get(item, {}).get(name)
        if standing is TagStanding.WANTED and (is_on or (failed and is_final)):
            to = TagStanding.SET if is_on else TagStanding.LOCAL
            self._told_of(Tag(item=item, name=name, standing=to))
        elif standing is TagStanding.GOING and is_on and failed and is_final:
            self._told_of(Tag(item=item, name=name, standing=TagStanding.SHARED))
            return True
        elif standing is TagStanding.GOING and not is_on and is_final:
            self._forget(Tag(item=item, name=name))
        return False

    # --- inside -------------------------------------------------------------------------

    def _on(self, item: str) -> Iterable[str]:
        """Those that are seen on one message."""
        tags = self._of_item.get(item, {})
        return (name for name, standing in tags.items() if standing is not TagStanding.GOING)

    def _take_in(self, there: Iterable[tuple[str, str]]) -> bool:
        has_new = False
        for item, name in sorted(there):
            standing = self._of_item.get(item, {}).get(name)
            if standing not in (TagStanding.GOING, TagStanding.SHARED):
                self._told_of(Tag(item=item, name=name, standing=TagStanding.SHARED))
                has_new = has_new or standing is None
        return has_new

    def _leave_out(
        self, begins: str, there: Iterable[tuple[str, str]], was_read: Callable[[str], bool]
    ) -> bool:
        gone = [
            Tag(item=item, name=name, standing=standing)
            for item, tags in self._of_item.items()
            if item.startswith(begins) and was_read(item)
            for name, standing in tags.items()
            if standing in (TagStanding.SHARED, TagStanding.GOING) and (item, name) not in there
        ]
        for tag in gone:
            self._forget(tag)
        return any(tag.standing is TagStanding.SHARED for tag in gone)

    def _put(self, tag: Tag) -> None:
        self._store.save_tag(tag)
        self._of_item.setdefault(tag.item, {})[tag.name] = tag.standing

    def _told_of(self, tag: Tag) -> None:
        with suppress(StoreError):
            self._store.save_tag(tag)
        self._of_item.setdefault(tag.item, {})[tag.name] = tag.standing

    def _forget(self, tag: Tag) -> None:
        with suppress(StoreError):
            self._store.remove_tag(tag)
        del self._of_item[tag.item][tag.name]
