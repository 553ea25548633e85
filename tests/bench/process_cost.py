"""What a running program costs: memory, processor time, wake-ups, with all that it started."""

import os
from dataclasses import dataclass
from pathlib import Path

_TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """Totals since the start of the processes; memory is the present."""

    pss_mb: float
    private_mb: float
    cpu_seconds: float
    switches: int


def resident_mb() -> float:
    """Memory of this process that is in RAM."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


def peak_resident_mb() -> float:
    """The most that was in RAM since the start, as the kernel keeps count of it."""
    return _numbers(Path("/proc/self/status"), "VmHWM:") / 1024


def cost_of(pid: int) -> Cost:
    """Of a process and its descendants; one that ends meanwhile is left out."""
    pss_kb, private_kb, ticks, switches = 0, 0, 0, 0
    for member in _family(pid):
        folder = Path(f"/proc/{member}")
        try:
            pss_kb += _numbers(folder / "smaps_rollup", "Pss:")
            private_kb += _numbers(folder / "smaps_rollup", "Private_Clean:", "Private_Dirty:")
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
            ticks += int(fields[11]) + int(fields[12])
            for task in (folder / "task").iterdir():
                switches += _numbers(
                    task / "status", "voluntary_ctxt_switches:", "nonvoluntary_ctxt_switches:"
                )
        except (FileNotFoundError, ProcessLookupError):
            continue
    return Cost(
        pss_mb=pss_kb / 1024,
        private_mb=private_kb / 1024,
        cpu_seconds=ticks / _TICKS_A_SECOND,
        switches=switches,
    )


def _family(pid: int) -> list[int]:
    parents: dict[int, list[int]] = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                fields = (folder / "stat").read_text().rpartition(")")[2].split()
            except (FileNotFoundError, ProcessLookupError):
                continue
            parents.setdefault(int(fields[1]), []).append(int(folder.name))
    family = [pid]
    for member in family:
        family += parents.get(member, [])
    return family


def _numbers(path: Path, *names: str) -> int:
    lines = (line.split() for line in path.read_text().splitlines())
    return sum(int(words[1]) for words in lines if words and words[0] in names)
