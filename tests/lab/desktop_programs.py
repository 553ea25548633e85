"""Programs of a desktop that are there to take links of one kind."""

from pathlib import Path


def add_program_for(data_home: Path, scheme: str, command: str) -> Path:
    """Make `command URL` what opens links of this scheme; return its .desktop file.

    Args:
        data_home: `XDG_DATA_HOME` of the desktop.
        scheme: Without the colon.
        command: A program and arguments.
    """
    folder = data_home / "applications"
    folder.mkdir(parents=True, exist_ok=True)
    entry = folder / f"takes-{scheme}.desktop"
    kind = f"x-scheme-handler/{scheme}"
    entry.write_text(
        "[Desktop Entry]\nType=Application\nName=Phone\n"
        f"Exec={command} %u\nMimeType={kind};\nTerminal=false\n"
    )
    (folder / "mimeapps.list").write_text(f"[Default Applications]\n{kind}={entry.name}\n")
    return entry
