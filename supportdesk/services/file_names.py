"""Names for files from strangers: what no file system, shell or eye can be deceived by."""

import re
import unicodedata

MAX_NAME_BYTES = 180
NO_NAME = "attachment"
_LONGEST_ENDING = 20
_FORBIDDEN = re.compile(r'[<>:"|?*]')
_SPACES = re.compile(r"\s+")
# Devices of Windows, whatever their ending: a file of that name cannot be made there.
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d|conin\$|conout\$)(?:\.|$)", re.IGNORECASE)
# Control, format (direction among them), half and private letters, line and paragraph ends.
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def clean_file_name(name: str) -> str:
    """Return a name that can be saved anywhere and says what it is; never empty.

    Paths, unseen letters, reserved names, and a hundred spaces before the true ending are undone.
    """
    last = name.replace("\\", "/").rstrip("/ ").rpartition("/")[2]
    normal = _SPACES.sub(" ", unicodedata.normalize("NFC", last))
    seen = "".join(one for one in normal if unicodedata.category(one) not in _UNSEEN)
    clean = _FORBIDDEN.sub("_", seen).strip(" .")
    if not clean:
        return NO_NAME
    if _RESERVED.match(clean) or clean.startswith(("-", "~")):
        clean = f"_{clean}"
    return _shortened(clean)


def ending_of(name: str) -> str:
    """The ending in lower case, without its dot; empty when there is none."""
    stem, dot, ending = name.rpartition(".")
    return ending.strip().lower() if dot and stem else ""


def numbered(name: str, number: int) -> str:
    """`invoice (2).pdf`: another file of the same name. `a.tar.gz` keeps both of its endings."""
    stem, ending = _split(name)
    return f"{stem} ({number}){ending}"


def _split(name: str) -> tuple[str, str]:
    stem, dot, ending = name.rpartition(".")
    if not dot or not stem or len(ending) > _LONGEST_ENDING:
        return name, ""
    if stem.endswith(".tar"):
        return stem.removesuffix(".tar"), f".tar.{ending}"
    return stem, f".{ending}"


def _shortened(name: str) -> str:
    """Cut in the middle of the bytes that a file system counts; the ending stays."""
    if len(name.encode()) <= MAX_NAME_BYTES:
        return name
    stem, ending = _split(name)
    room = MAX_NAME_BYTES - len(ending.encode())
    short = stem.encode()[:room].decode("utf-8", "ignore").rstrip(" .")
    return f"{short}{ending}"
