from datetime import UTC, datetime, timedelta, timezone

from supportdesk.domain.voices import Quote
from supportdesk.services.starters import Starters
from tests.fakes.week_page_store import MemoryWeekPageStore

NOW = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
EAST = timezone(timedelta(hours=12))
DAY = timedelta(days=1)


class Kept:
    """Quotes by key, the newest kept first."""

    def __init__(self, *keys: str) -> None:
        self.quotes = {key: quote(key) for key in keys}

    def quote(self, key: str) -> Quote | None:
        return self.quotes.get(key)

    def search(self) -> tuple[Quote, ...]:
        return tuple(self.quotes.values())


def quote(key: str) -> Quote:
    return Quote(key=key, words=f"words of {key}", who="Eva", said_at=NOW, kept_at=NOW)


def day_by_day(starters: Starters, days: int) -> list[str | None]:
    told = (starters.of_day(NOW + number * DAY) for number in range(days))
    return [one.key if one is not None else None for one in told]


def test_each_day_has_its_own_and_none_comes_twice() -> None:
    store, kept = MemoryWeekPageStore(), Kept("c", "b", "a")
    assert day_by_day(Starters(kept, store, lambda at: at), 4) == ["c", "b", "a", None]
    kept.quotes["d"] = quote("d")
    again = Starters(kept, store, lambda at: at)
    assert day_by_day(again, 5) == ["c", "b", "a", "d", None]


def test_a_day_is_a_local_one_and_keeps_its_words() -> None:
    starters = Starters(Kept("b", "a"), MemoryWeekPageStore(), lambda at: at.astimezone(EAST))
    assert starters.of_day(NOW) == starters.of_day(NOW + timedelta(hours=3)) == quote("b")
    assert starters.of_day(NOW + timedelta(hours=4)) == quote("a")


def test_a_day_whose_words_were_removed_has_others() -> None:
    kept = Kept("b", "a")
    starters = Starters(kept, MemoryWeekPageStore(), lambda at: at)
    assert starters.of_day(NOW) == quote("b")
    del kept.quotes["b"]
    assert starters.of_day(NOW) == starters.of_day(NOW) == quote("a")
    kept.quotes.clear()
    assert starters.of_day(NOW) is None
