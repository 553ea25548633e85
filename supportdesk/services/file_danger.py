"""What a file from a stranger could do when it is opened: judged by name, type and first bytes.

Opened are kinds that are known to show something and do nothing. Everything else can be saved:
what could run, mislead or reach out is named first, in plain words.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto

from supportdesk.services.file_names import ending_of


class Risk(Enum):
    """How much care a file asks for."""

    NONE = auto()
    """It can be opened."""
    UNKNOWN = auto()
    """Not opened from here, for nobody knows what it is; saved without a word."""
    DANGEROUS = auto()
    """Not opened from here, and saved only after a warning."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What to think of a file.

    Attributes:
        kind: "A program", "A picture" that is none: what the row says of it.
        warning: What could happen, asked before it is saved; empty unless it is dangerous.
    """

    risk: Risk
    kind: str = ""
    warning: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileFacts:
    """What was found in a file that is here.

    Attributes:
        head: Its first bytes.
        members: Names in it, for an archive that could be looked into; else None.
        has_macros: An office file with a program in it.
        is_locked: An archive that asks for a password.
    """

    head: bytes
    members: tuple[str, ...] | None = None
    has_macros: bool = False
    is_locked: bool = False


_SAFE = Judgement(risk=Risk.NONE)
_UNKNOWN = "An unknown kind of file"
_ONLY_IF = "Save it only if you expected exactly this file from this sender."


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_PROGRAMS = _words(
    "exe com scr pif cpl msi msp msix msixbundle appx appxbundle app dll sys drv ocx jar apk xapk "
    "deb rpm run appimage flatpak flatpakref snap pkg mpkg ipa xpi crx gadget elf so dylib bin "
    "xll wll action workflow bpl xbap appinstaller vsto war ear air jnlp application "
    "appref-ms msu vsix whl gem"
)
_SCRIPTS = _words(
    "bat cmd ps1 psm1 psd1 ps1xml psc1 psc2 vb vbs vbe js jse mjs cjs ws wsf wsc wsh hta sct sh "
    "bash zsh csh ksh fish py pyw pyc pyz rb pl pm php lua tcl awk applescript scpt scptd command "
    "tool reg inf chm hlp diagcab diagpkg msc mst ade adp mde mda accde accdr accda mdb accdb job "
    "settingcontent-ms appcontent-ms osd vbscript pyo ps2 ps2xml msh mshxml pssc cdxml psdm1 "
    "ahk au3 a3x terminal mobileconfig ppkg diagcfg htc hpj mcf mdt mdw ops pcd prg fxp shb shs"
)
_SHORTCUTS = _words(
    "lnk url website desktop webloc inetloc fileloc scf library-ms search-ms searchconnector-ms "
    "rdp odc udl webpnp printerexport xnk glk theme themepack "
    "deskthemepack symlink mad maf mag mam maq mar mas mat mau mav maw"
)
_DISKS = _words("iso img vhd vhdx vmdk vdi dmg udf toast nrg wim qcow2 cdr sparseimage")
_PAGES = _words("html htm xhtml xht shtml mht mhtml webarchive svg svgz xml xsl xslt swf")
_WITH_MACROS = _words(
    "docm dotm xlsm xltm xlam xlsb pptm potm ppam ppsm sldm slk iqy oqy dqy rqy xlw xla ppa wiz"
)
# Attachments of its own in a notebook start by a click on a picture of a button.
_NOTEBOOKS = _words("one onepkg onetoc onetoc2")
_NOTEBOOK_TYPES = ("application/onenote", "application/msonenote")
_ARCHIVES = _words(
    "7z rar tar gz tgz bz2 tbz2 xz txz zst lz lzma cab arj lzh lha ace z cpio uue wim"
)
_IMAGES = _words("jpg jpeg jpe jfif png gif webp bmp tif tiff heic heif avif ico")
_MEDIA = _words(
    "mp3 m4a aac ogg oga opus flac wav wma mp4 m4v mov avi mkv webm mpg mpeg wmv 3gp ogv amr mid"
)
_OLD_OFFICE = _words("doc dot xls xlt ppt pps pot msg pub vsd")
_ZIPPED_OFFICE = _words(
    "docx dotx xlsx xltx pptx potx ppsx vsdx odt ott ods ots odp otp odg odf epub pages numbers key"
)
_TEXTS = _words(
    "txt text log csv tsv md rst json yaml yml ini conf ics vcf eml srt gpx kml asc sig"
)
_SHEETS = _words("csv tsv xls xlsx xlt xltx ods ots numbers")
_OPENED = _IMAGES | _MEDIA | _OLD_OFFICE | _ZIPPED_OFFICE | _TEXTS | _words("pdf rtf zip")

# A kind of file, and why it is dangerous.
_MACROS = ("A document with macros", "This document has a program in it, called a macro.")
_NOTEBOOK = (
    "A OneNote notebook",
    "This is a OneNote notebook: a program may lie under what looks like a button in it.",
)

_BY_ENDING = (
    (_PROGRAMS, "A program", "This is a program: once opened, it could do anything that you can."),
    (_SCRIPTS, "A script", "This is a script: once opened, it could do anything that you can."),
    (_SHORTCUTS, "A shortcut", "This is a shortcut: it opens something else than it shows."),
    (_DISKS, "A disk image", "This is a disk image: what is in it passes unchecked."),
    (
        _PAGES,
        "A web page",
        "This is a web page: it could imitate a login or load from the network.",
    ),
    (_WITH_MACROS, *_MACROS),
    (_NOTEBOOKS, *_NOTEBOOK),
)
# The format's own mark ([MS-ONESTORE] 2.3.1), of a section and of a table of contents.
_NOTEBOOK_HEADS = (
    bytes.fromhex("e4525c7b8cd8a74daeb15378d02996d3"),
    bytes.fromhex("a12fff43d9ef764c9ee210ea5722765f"),
)

# The first bytes of what pretends, longest first where one begins like another.
_PROGRAM_HEADS = (
    b"MZ",
    b"\x7fELF",
    b"\xca\xfe\xba\xbe",
    b"\xfe\xed\xfa\xce",
    b"\xfe\xed\xfa\xcf",
    b"\xce\xfa\xed\xfe",
    b"\xcf\xfa\xed\xfe",
    b"#!",
    b"dex\n",
    b"\x4c\x00\x00\x00\x01\x14\x02\x00",
    b"!<arch>\n",
    b"\xed\xab\xee\xdb",
)
_HEADS: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "pdf"),
    (b"\x89PNG\r\n\x1a\n", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"GIF8", "image"),
    (b"BM", "image"),
    (b"II*\x00", "image"),
    (b"MM\x00*", "image"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"),
    (b"{\\rtf", "rtf"),
    (b"Rar!\x1a\x07", "archive"),
    (b"7z\xbc\xaf\x27\x1c", "archive"),
    (b"MSCF", "archive"),
    (b"ID3", "media"),
    (b"OggS", "media"),
    (b"fLaC", "media"),
)
_ALL_KINDS = tuple({kind for _, kind in _HEADS})
_PAGE_STARTS = (b"<!doctype html", b"<html", b"<script", b"<svg", b"<head", b"<body", b"<iframe")
_LOOKS_LIKE = {"pdf": "PDF", "image": "picture", "zip": "archive", "ole": "office document"}


def judge_name(name: str, media_type: str) -> Judgement:
    """Judge what is known before a file is fetched."""
    ending = ending_of(name)
    for endings, kind, warning in _BY_ENDING:
        if ending in endings:
            return _dangerous(kind, f"{warning}{_disguise(name)}")
    if media_type.lower().startswith(_NOTEBOOK_TYPES):
        return _dangerous(*_NOTEBOOK)
    if ending in _ARCHIVES:
        return Judgement(risk=Risk.UNKNOWN, kind="An archive that cannot be looked into here")
    if ending in _OPENED:
        return _SAFE
    if not ending and _is_shown_type(media_type):
        return _SAFE
    kind = f"{_UNKNOWN} (.{ending})" if ending else _UNKNOWN
    return Judgement(risk=Risk.UNKNOWN, kind=kind)


def judge_file(name: str, media_type: str, facts: FileFacts) -> Judgement:
    """Judge a file that is here; its name may lie, its bytes do not."""
    by_name = judge_name(name, media_type)
    if by_name.risk is Risk.DANGEROUS:
        return by_name
    ending, head = ending_of(name), facts.head
    if head.startswith(_PROGRAM_HEADS) and not (ending in _TEXTS and head.startswith(b"#!")):
        return _dangerous(
            "A program under another name",
            "Its name says something else, but this is a program: once opened, it could do "
            "anything that you can.",
        )
    if _is_page(head) and ending not in _TEXTS:
        return _dangerous(
            "A web page under another name",
            "Its name says something else, but this is a web page: it could imitate a login.",
        )
    if head.startswith(_NOTEBOOK_HEADS):
        return _dangerous(*_NOTEBOOK)
    if facts.has_macros:
        return _dangerous(*_MACROS)
    if by_name.risk is Risk.UNKNOWN:
        return by_name
    return _judge_content(name, facts)


def _judge_content(name: str, facts: FileFacts) -> Judgement:
    ending = ending_of(name)
    found = _kind_of(facts.head)
    if not ending and not found:
        # Without an ending the desktop goes by what it finds, and it may find anything.
        return Judgement(risk=Risk.UNKNOWN, kind=_UNKNOWN)
    if found and found not in _expected(ending):
        looks = _LOOKS_LIKE.get(found, found)
        return Judgement(
            risk=Risk.UNKNOWN, kind=f"Not what its name says: inside it is of the kind {looks}"
        )
    if ending == "zip":
        return _judge_archive(facts)
    return _SAFE


def _judge_archive(facts: FileFacts) -> Judgement:
    if facts.is_locked:
        return _dangerous(
            "An archive with a password",
            "This archive is locked, so that nobody on the way could look into it.",
        )
    if facts.members is None:
        return Judgement(risk=Risk.UNKNOWN, kind="An archive that cannot be looked into here")
    for member in facts.members:
        judged = judge_name(member, "")
        if judged.risk is Risk.DANGEROUS:
            shown = member.replace("\\", "/").rpartition("/")[2][:60]
            return _dangerous(
                f"An archive with {judged.kind[0].lower()}{judged.kind[1:]} in it",
                f"In this archive is “{shown}”. {judged.warning.removesuffix(_ONLY_IF).strip()}",
            )
    return _SAFE


def icon_kind(name: str, media_type: str) -> str:
    """Name a kind of file for its icon: image, film, sound, table, text, zip, or nothing."""
    ending, (kind, _, subtype) = ending_of(name), media_type.partition("/")
    if kind == "image" or ending in _IMAGES:
        return "image"
    if kind in ("video", "audio"):
        return "film" if kind == "video" else "sound"
    if ending in _SHEETS or "spreadsheet" in subtype or "excel" in subtype:
        return "table"
    if ending in _ARCHIVES or ending == "zip" or subtype in ("zip", "gzip", "x-tar"):
        return "zip"
    is_text = kind in ("text", "message") or ending in _OPENED - _IMAGES - _MEDIA
    return "text" if is_text else ""


def _is_shown_type(media_type: str) -> bool:
    is_media = media_type.startswith(("image/", "audio/", "video/"))
    return media_type == "application/pdf" or (is_media and "svg" not in media_type)


def _dangerous(kind: str, warning: str) -> Judgement:
    return Judgement(risk=Risk.DANGEROUS, kind=kind, warning=f"{warning} {_ONLY_IF}")


def _disguise(name: str) -> str:
    """Name the ending that a double one wants to be taken for: `invoice.pdf.exe`."""
    inner = ending_of(name.rpartition(".")[0].rstrip())
    return f" Its name wants to be taken for .{inner}." if inner in _OPENED else ""


def _is_page(head: bytes) -> bool:
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:200].lower()
    return start.startswith(_PAGE_STARTS) or (start.startswith(b"<?xml") and b"<svg" in start)


def _kind_of(head: bytes) -> str:
    for start, kind in _HEADS:
        if head.startswith(start):
            return kind
    if head[:4] == b"RIFF":
        return "image" if head[8:12] == b"WEBP" else "media"
    if head[4:8] == b"ftyp":
        return "image" if head[8:12] in (b"heic", b"avif", b"mif1", b"heix") else "media"
    return ""


def _expected(ending: str) -> Sequence[str]:
    """Kinds that may stand under this ending; programs write odd things under honest names."""
    for endings, kinds in (
        (_IMAGES, ("image",)),
        (_MEDIA, ("media",)),
        (_ZIPPED_OFFICE, ("zip", "ole")),
        (_OLD_OFFICE, ("ole", "rtf", "zip")),
        (frozenset({"pdf"}), ("pdf",)),
        (frozenset({"rtf"}), ("rtf", "ole", "zip")),
        (frozenset({"zip"}), ("zip",)),
    ):
        if ending in endings:
            return kinds
    # Texts may begin with anything, and what has no ending came here by its type.
    return _ALL_KINDS
