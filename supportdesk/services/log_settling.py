"""Two computers have corrected one span before their logs were joined: which of it holds?

Of corrections the one with the greatest id holds (`span_chains`), and no more is needed but for
moves. A move that lost has left its minutes at the new place, where nothing shows that it lost;
they would count twice. So a move that lost is taken back as a whole, by what is known when logs
are joined; it stays taken back also when the correction that beat it is undone later.

The rows that do this are the same wherever they are made: their ids go by what they take back, and
what they say goes by it alone. Both computers may write them, and the union is still one log.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from uuid import NAMESPACE_URL, uuid5

from supportdesk.domain.reading import Edit, Span
from supportdesk.domain.span_chains import SpanChain


def settling_rows(
    arrived: Iterable[Span],
    *,
    begun_at: Callable[[datetime], Iterable[Span]],
    of_act: Callable[[str], Iterable[Span]],
) -> list[Span]:
    """Rows to append after these were joined to the log.

    Args:
        arrived: New rows, already in the log.
        begun_at: All rows that began at an instant.
        of_act: All rows of an act.
    """
    moves: dict[str, bool] = {}
    for row in arrived:
        if not row.act:
            continue
        if row.edit is Edit.MOVED:
            moves.setdefault(row.act, False)
        for beaten in SpanChain.of(row, begun_at(row.started_at)).beaten:
            if beaten.edit is Edit.MOVED:
                moves[beaten.act] = True
    settling: list[Span] = []
    for act, has_lost in moves.items():
        settling += _taking_back(list(of_act(act)), has_lost=has_lost)
    return settling


def _taking_back(rows: list[Span], *, has_lost: bool) -> Iterator[Span]:
    """For each row of a void move one that says so where it is: weeks are read by their place."""
    undone = [row for row in rows if row.edit is Edit.UNDONE]
    if not undone and not has_lost:
        return
    places = {row.started_at for row in undone}
    for row in rows:
        if row.started_at not in places:
            yield replace(
                row,
                span_id=str(uuid5(NAMESPACE_URL, f"{row.span_id}#{row.act}#undone")),
                counted_seconds=0.0,
                dropped=(),
                corrects=row.span_id,
                edit=Edit.UNDONE,
            )
