"""How the founder is logged in here: the name in marks for colleagues, where no other is given."""


def login_name() -> str:
    """Empty where the system knows none."""
    import getpass  # for the first mark: a quiet tray does without it, and what it brings along

    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return ""
