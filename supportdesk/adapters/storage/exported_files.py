"""Files that the founder exports: written whole, for this user alone, over nothing of theirs."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from enum import Enum
from pathlib import Path
from typing import TypeVar

from supportdesk.adapters.atomic_file import write_pieces_atomically
from supportdesk.domain.errors import StoreError

_LOOKED_AT = 4096
_Format = TypeVar("_Format", bound=Enum)


class ExportFormat(Enum):
    """What is written."""

    CSV = "csv"
    JSON = "json"


Lines = Callable[[], Iterable[str]]
IsOurs = Callable[[str], bool]
"""Whether a file that begins like this is an earlier export."""


def write_exports(
    folder: Path, name: str, wanted: Mapping[_Format, Lines], is_ours: IsOurs
) -> tuple[tuple[Path, ...], tuple[Path, ...]]:
    """Write `name.csv` and `name.json`, or what else the formats are. Raises StoreError.

    Returns:
        What was written, and what of it took the place of an earlier export.
    """
    paths = {one: folder / f"{name}.{one.value}" for one in wanted}
    replaced = tuple(path for path in paths.values() if _is_there(path, is_ours))
    for one, path in paths.items():
        with file_errors(path, "written"):
            write_pieces_atomically(path, (line.encode() for line in wanted[one]()))
    return tuple(paths.values()), replaced


def export_words(counted: str, paths: Iterable[Path], replaced: tuple[Path, ...]) -> str:
    """What a notice says; `counted` is its beginning: "3 calls are"."""
    sentence = f"{counted} in {' and '.join(str(path) for path in paths)}."
    if replaced:
        names = " and ".join(path.name for path in replaced)
        sentence += f" An earlier export was replaced: {names}."
    return sentence


@contextmanager
def file_errors(path: Path, what: str) -> Iterator[None]:
    """Say what cannot be `read` or `written`, and where to look."""
    try:
        yield
    except OSError as error:
        raise StoreError(
            f"{path.name} cannot be {what}: {error.strerror or error}",
            f"Look at the folder {path.absolute().parent}: is it there, may this user use it, and "
            "has its disk room?",
        ) from error


def _is_there(path: Path, is_ours: IsOurs) -> bool:
    """An earlier export may be replaced; anything else of that name is somebody's own."""
    with file_errors(path, "read"):
        if not path.exists():
            return False
        beginning = "no file"
        if path.is_file():  # a pipe would never answer
            with path.open("rb") as file:
                beginning = file.read(_LOOKED_AT).decode(errors="replace")
    if not beginning.strip() or is_ours(beginning):
        return True
    raise StoreError(
        f"{path.name} is there already, and supportdesk has not written it",
        f"Move {path} away, or export into another folder.",
    )
