"""Lines of the report that may be copied for a helper: they name nobody and no place."""

from supportdesk.domain.health import PartHealth, SourceHealth


def source_line(number: int, health: SourceHealth) -> str:
    sort = f" ({health.problem.sort or 'other'})" if health.problem else ""
    return f"source {number} ({health.kind.value}): {health.hearing.value}{sort}"


def part_line(part: PartHealth) -> str:
    """Never its words: they name settings, passwords, people and folders."""
    sort = f" ({part.problem.sort or 'other'})" if part.problem else ""
    return f"{part.name}: {'good' if part.is_good else 'not good'}{sort}"
