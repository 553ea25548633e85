"""Names from strangers, cleaned."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supportdesk.services.file_names import (
    MAX_NAME_BYTES,
    NO_NAME,
    clean_file_name,
    ending_of,
    numbered,
)


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("invoice.pdf", "invoice.pdf"),
        ("Účet č. 7.pdf", "Účet č. 7.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Windows\\evil.exe", "evil.exe"),
        ("/etc/passwd", "passwd"),
        ("folder/", "folder"),
        ("inv\u202efdp.exe", "invfdp.exe"),
        ("a\x00b\nc.txt", "ab c.txt"),
        ("invoice.pdf" + " " * 200 + ".exe", "invoice.pdf .exe"),
        ("invoice.pdf. . .", "invoice.pdf"),
        (" .bashrc ", "bashrc"),
        ("...", NO_NAME),
        ("", NO_NAME),
        ("\u200b", NO_NAME),
        ('a<b>:"|?*c.txt', "a_b______c.txt"),
        ("con.txt", "_con.txt"),
        ("NUL", "_NUL"),
        ("Lpt1.log", "_Lpt1.log"),
        ("console.txt", "console.txt"),
        ("-rf.txt", "_-rf.txt"),
        ("~root", "_~root"),
        ("e\u0301t\u00e9.txt", "été.txt"),
        ("half \ud83d.txt", "half .txt"),
    ],
)
def test_a_name_is_cleaned(name: str, clean: str) -> None:
    assert clean_file_name(name) == clean


def test_a_long_name_keeps_its_ending() -> None:
    clean = clean_file_name("日" * 300 + ".tar.gz")
    assert clean.endswith("日.tar.gz")
    assert len(clean.encode()) <= MAX_NAME_BYTES
    endless = clean_file_name("a." + "b" * 400)
    assert len(endless.encode()) <= MAX_NAME_BYTES


@given(st.text(max_size=400))
def test_no_name_leaves_its_folder(name: str) -> None:
    clean = clean_file_name(name)
    assert clean not in ("", ".", "..")
    assert not set(clean) & set('/\\<>:"|?*\x00\n')
    assert len(clean.encode()) <= MAX_NAME_BYTES


@pytest.mark.parametrize(
    ("name", "ending"),
    [("a.PDF", "pdf"), ("a", ""), (".profile", ""), ("a.b.c", "c"), ("a. exe ", "exe")],
)
def test_the_ending(name: str, ending: str) -> None:
    assert ending_of(name) == ending


def test_another_file_of_the_same_name() -> None:
    assert numbered("invoice.pdf", 2) == "invoice (2).pdf"
    assert numbered("logs.tar.gz", 3) == "logs (3).tar.gz"
    assert numbered("README", 2) == "README (2)"
