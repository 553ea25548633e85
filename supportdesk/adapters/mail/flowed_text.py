"""Plain text of format=flowed (RFC 3676): lines that end in a space go on in the next."""


def unflow(text: str, *, is_space_deleted: bool) -> str:
    """Join what belongs together; quote depths are kept, and the signature is never joined.

    Attributes:
        is_space_deleted: DelSp=yes: the space is only a mark, as between Chinese letters.
    """
    lines: list[list[str]] = []
    open_depth: int | None = None
    for line in text.replace("\r\n", "\n").split("\n"):
        content = line.lstrip(">")
        depth = len(line) - len(content)
        if not (depth == 0 and content.startswith(" >")):
            # Where the stuffed space keeps a line from looking like a quote, it stays.
            content = content.removeprefix(" ")
        goes_on = content.endswith(" ") and content != "-- "
        if goes_on and is_space_deleted:
            content = content[:-1]
        if open_depth == depth and content != "-- ":
            lines[-1].append(content)
        else:
            lines.append([f"{'>' * depth} " if depth else "", content])
        open_depth = depth if goes_on else None
    return "\n".join("".join(line) for line in lines)
