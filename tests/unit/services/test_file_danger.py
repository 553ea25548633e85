"""What a file could do, by its name and by its bytes."""

import pytest

from supportdesk.services.file_danger import (
    FileFacts,
    Judgement,
    Risk,
    icon_kind,
    judge_file,
    judge_name,
)

PDF = FileFacts(head=b"%PDF-1.7\n")
ZIP = b"PK\x03\x04"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def by_name(name: str, media_type: str = "application/octet-stream") -> Judgement:
    return judge_name(name, media_type)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("setup.exe", "A program"),
        ("Setup.MSI", "A program"),
        ("app.jar", "A program"),
        ("run.bat", "A script"),
        ("payload.js", "A script"),
        ("x.ps1", "A script"),
        ("x.sh", "A script"),
        ("order.lnk", "A shortcut"),
        ("a.desktop", "A shortcut"),
        ("disk.iso", "A disk image"),
        ("disk.vhdx", "A disk image"),
        ("login.html", "A web page"),
        ("logo.svg", "A web page"),
        ("prices.xlsm", "A document with macros"),
    ],
)
def test_dangerous_kinds_are_named(name: str, kind: str) -> None:
    found = by_name(name)
    assert (found.risk, found.kind) == (Risk.DANGEROUS, kind)
    assert found.warning.endswith("from this sender.")
    assert "!" not in found.warning


CARRIERS = (
    "one onepkg onetoc2 chm iso img vhd vhdx wsf hta lnk url scf library-ms search-ms hlp vsto "
    "settingcontent-ms appcontent-ms xll slk iqy appinstaller msix msixbundle jar ps1 vbs vbe "
    "docm dotm xlsm xlsb xla xlam pptm ppam cpl pif scr jse wsc sct msc reg inf rdp jnlp mht "
    "application gadget diagcab theme website webarchive odc udl xbap terminal mobileconfig "
    "ppkg au3 ahk pyo shs ppa wiz"
)


@pytest.mark.parametrize("ending", CARRIERS.split())
def test_every_known_carrier_is_dangerous(ending: str) -> None:
    assert by_name(f"order.{ending}").risk is Risk.DANGEROUS
    locked_in = FileFacts(head=ZIP, members=(f"order.{ending}",))
    assert judge_file("a.zip", "application/zip", locked_in).risk is Risk.DANGEROUS


def test_a_onenote_notebook_is_known_by_name_type_and_bytes() -> None:
    for name, media_type in (
        ("order.one", "application/octet-stream"),
        ("order", "application/onenote"),
        ("order.pdf", "application/msonenote; x=y"),
    ):
        assert by_name(name, media_type).kind == "A OneNote notebook"
    section = FileFacts(head=bytes.fromhex("e4525c7b8cd8a74daeb15378d02996d3") + b"\0" * 8)
    assert judge_file("order.pdf", "application/pdf", section).kind == "A OneNote notebook"
    assert judge_file("order.bin2", "", section).risk is Risk.DANGEROUS


def test_a_double_ending_is_pointed_out() -> None:
    assert "wants to be taken for .pdf" in by_name("invoice.pdf.exe").warning
    assert "wants to be taken for .pdf" in by_name("invoice.pdf .exe").warning
    assert "taken for" not in by_name("invoice.exe").warning


@pytest.mark.parametrize(
    "name",
    ["a.pdf", "A.JPG", "prices.xlsx", "letter.doc", "notes.txt", "film.mov", "a.zip", "x.ics"],
)
def test_what_only_shows_something_is_opened(name: str) -> None:
    assert by_name(name).risk is Risk.NONE


def test_the_unknown_is_only_saved() -> None:
    assert by_name("a.xyz").kind == "An unknown kind of file (.xyz)"
    assert by_name("README").kind == "An unknown kind of file"
    assert by_name("logs.tar.gz").kind == "An archive that cannot be looked into here"
    assert {by_name(name).risk for name in ("a.xyz", "README", "a.7z")} == {Risk.UNKNOWN}
    assert by_name("drawing", "image/svg+xml").risk is Risk.UNKNOWN


def test_without_an_ending_type_and_bytes_decide() -> None:
    assert by_name("photo", "image/jpeg").risk is Risk.NONE
    assert by_name("invoice", "application/pdf").risk is Risk.NONE
    assert judge_file("invoice", "application/pdf", PDF).risk is Risk.NONE
    shortcut = FileFacts(head=b"[Desktop Entry]\nExec=calc")
    assert judge_file("photo", "image/jpeg", shortcut).risk is Risk.UNKNOWN


def by_bytes(name: str, head: bytes, **facts: object) -> Judgement:
    return judge_file(name, "", FileFacts(head=head, **facts))  # type: ignore[arg-type]  # any fact


@pytest.mark.parametrize(
    ("name", "head"),
    [
        ("a.pdf", b"%PDF-1.4"),
        ("a.pdf", b"garbage that some viewer repairs"),
        ("a.jpg", b"\x89PNG\r\n\x1a\n"),
        ("a.webp", b"RIFF\0\0\0\0WEBP"),
        ("a.wav", b"RIFF\0\0\0\0WAVE"),
        ("a.heic", b"\0\0\0\x18ftypheic"),
        ("a.mp4", b"\0\0\0\x18ftypisom"),
        ("a.docx", ZIP),
        ("a.docx", OLE),
        ("a.doc", b"{\\rtf1"),
        ("a.rtf", b"{\\rtf1"),
        ("a.txt", b"#! is how it begins"),
        ("a.txt", b"<html> as text"),
        ("a.csv", b"BMW;1"),
        ("a.eml", b"From: x"),
        ("a.mp3", b"ID3"),
    ],
)
def test_bytes_that_suit_the_name(name: str, head: bytes) -> None:
    assert by_bytes(name, head).risk is Risk.NONE


@pytest.mark.parametrize(
    ("name", "head", "kind"),
    [
        ("a.pdf", b"MZ\x90\0", "A program under another name"),
        ("a.jpg", b"\x7fELF", "A program under another name"),
        ("a.txt", b"MZ\x90\0", "A program under another name"),
        ("a.xyz", b"#!/bin/sh", "A program under another name"),
        ("a.pdf", b"L\0\0\0\x01\x14\x02\0", "A program under another name"),
        ("a.pdf", b"\xef\xbb\xbf \n<!DOCTYPE html>", "A web page under another name"),
        ("a.png", b"<?xml version='1.0'?><svg>", "A web page under another name"),
    ],
)
def test_bytes_do_not_lie(name: str, head: bytes, kind: str) -> None:
    found = by_bytes(name, head)
    assert (found.risk, found.kind) == (Risk.DANGEROUS, kind)


def test_another_kind_than_the_name_says_is_not_opened() -> None:
    found = by_bytes("a.jpg", b"%PDF-1.4")
    assert found.risk is Risk.UNKNOWN
    assert found.kind == "Not what its name says: inside it is of the kind PDF"
    assert by_bytes("a.pdf", b"ID3").kind.endswith("media")


def test_macros_under_an_honest_name() -> None:
    assert by_bytes("a.doc", OLE, has_macros=True).kind == "A document with macros"
    assert by_bytes("a.docx", ZIP, has_macros=True).risk is Risk.DANGEROUS


def test_a_dangerous_name_needs_no_bytes() -> None:
    assert judge_file("a.exe", "", PDF).kind == "A program"
    assert judge_file("a.xyz", "", PDF).risk is Risk.UNKNOWN


def test_archives_are_judged_by_what_is_in_them() -> None:
    assert by_bytes("a.zip", ZIP, members=("a.pdf", "b/c.txt")).risk is Risk.NONE
    found = by_bytes("a.zip", ZIP, members=("a.pdf", "b\\c\\invoice.pdf.exe"))
    assert found.kind == "An archive with a program in it"
    assert "“invoice.pdf.exe”" in found.warning
    assert found.warning.count("Save it only") == 1
    assert by_bytes("a.zip", ZIP, members=("a.pdf",), is_locked=True).kind.endswith("password")
    assert by_bytes("a.zip", ZIP).risk is Risk.UNKNOWN


@pytest.mark.parametrize(
    ("name", "media_type", "kind"),
    [
        ("a.png", "", "image"),
        ("a", "image/x", "image"),
        ("a", "video/mp4", "film"),
        ("a", "audio/mpeg", "sound"),
        ("a.csv", "text/csv", "table"),
        ("a", "application/vnd.ms-excel", "table"),
        ("a.7z", "", "zip"),
        ("a.zip", "", "zip"),
        ("a", "application/gzip", "zip"),
        ("a.pdf", "", "text"),
        ("a", "message/rfc822", "text"),
        ("a.xyz", "application/octet-stream", ""),
    ],
)
def test_each_kind_has_its_icon(name: str, media_type: str, kind: str) -> None:
    assert icon_kind(name, media_type) == kind
