"""Looking into files without running or unpacking anything."""

import zipfile
from pathlib import Path

import pytest

from supportdesk.adapters.file_inspection import inspect_file
from supportdesk.services.file_danger import Risk, judge_file


def zipped(path: Path, *names: str) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name in names:
            archive.writestr(name, b"x")
    return path


def test_the_names_in_an_archive(tmp_path: Path) -> None:
    facts = inspect_file(zipped(tmp_path / "a.zip", "a.pdf", "b/c.exe"))
    assert facts.members == ("a.pdf", "b/c.exe")
    assert not facts.has_macros
    assert not facts.is_locked


@pytest.mark.parametrize(
    "name", ["word/vbaProject.bin", "Basic/Standard/Module1.xml", "xl/macrosheets/sheet1.xml"]
)
def test_a_program_in_a_document(tmp_path: Path, name: str) -> None:
    path = zipped(tmp_path / "a.docx", "[Content_Types].xml", name)
    assert inspect_file(path).has_macros


def test_an_honest_document(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.docx", "[Content_Types].xml", "word/document.xml")
    assert judge_file("a.docx", "", inspect_file(path)).risk is Risk.NONE


def test_an_old_document_with_macros(tmp_path: Path) -> None:
    path = tmp_path / "a.doc"
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(9000)
    path.write_bytes(ole)
    assert not inspect_file(path).has_macros
    path.write_bytes(ole + "_VBA_PROJECT".encode("utf-16-le"))
    assert inspect_file(path).has_macros


def test_an_object_in_rich_text(tmp_path: Path) -> None:
    path = tmp_path / "a.rtf"
    path.write_bytes(b"{\\rtf1 hello {\\object\\objemb{\\*\\objdata 0105}}}")
    assert inspect_file(path).has_macros


def test_a_locked_archive(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", "a.pdf")
    data = bytearray(path.read_bytes())
    at = data.index(b"PK\x01\x02")
    data[at + 8] |= 1
    path.write_bytes(data)
    assert inspect_file(path).is_locked


@pytest.mark.parametrize("data", [b"PK\x03\x04", b"PK\x03\x04" + bytes(100), b"PK\x05\x06short"])
def test_a_broken_archive_tells_nothing(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(data)
    assert inspect_file(path).members is None


def test_an_archive_of_very_many_names_is_not_read(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", "a.pdf")
    data = path.read_bytes()
    at = data.rindex(b"PK\x05\x06")
    path.write_bytes(data[: at + 10] + b"\xff\xff" + data[at + 12 :])
    assert inspect_file(path).members is None


def test_anything_else_is_its_first_bytes(tmp_path: Path) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(b"MZ" + bytes(10_000))
    facts = inspect_file(path)
    assert facts.head.startswith(b"MZ")
    assert len(facts.head) == 4096
    with pytest.raises(OSError, match="none"):
        inspect_file(tmp_path / "none")
