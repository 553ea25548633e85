"""Parses the command line, calls a command and returns its exit status.

0 done, 1 failed with a sentence on standard error, 2 wrong usage. Commands are imported only when
they are called, so that `week` or `status` do not pay for Qt's widgets.
"""

import argparse
import os
import sys
from collections.abc import Sequence

from supportdesk import __version__
from supportdesk.domain.errors import SupportDeskError

# They run all day, so that what imports keep in memory counts.
_LASTING = (None, "demo", "open", "watch")
TURNS = ("ringing", "answered", "missed", "ended")


def entry_point() -> None:
    """The `supportdesk` script."""
    sys.exit(main(sys.argv[1:]))


def main(arguments: Sequence[str]) -> int:
    """Run one command.

    Returns:
        The exit status.
    """
    options = _parser().parse_args(arguments)
    try:
        status = _run(options)
        sys.stdout.flush()
    except SupportDeskError as error:
        print(f"supportdesk: {error.title}. {error.advice}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # Whoever read us, such as `head`, has gone; Python must not complain of it at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return status


def _run(options: argparse.Namespace) -> int:
    if options.command in _LASTING:
        from supportdesk.adapters.plain_imports import import_plainly

        import_plainly()
    match options.command:
        case None:
            from supportdesk.commands.app import run_app

            return run_app(is_quiet=options.background)
        case "demo":
            from supportdesk.commands.app import run_demo

            return run_demo()
        case "open":
            from supportdesk.commands.open_link import run_open

            return run_open(options.link)
        case "watch":
            from supportdesk.commands.watch import run_watch

            return run_watch(as_json=options.json, is_practice=options.practice)
        case "doctor":
            from supportdesk.commands.doctor import run_doctor

            return run_doctor(as_json=options.json)
        case "secret":
            from supportdesk.commands.secret import run_secret

            return run_secret(options.verb, options.name)
        case "hook":
            from supportdesk.commands.hook import run_hook_token

            return run_hook_token()
        case "take-back":
            from supportdesk.adapters.desktop.bus_messages import AwaitedAnswers
            from supportdesk.adapters.desktop.late_pop_ups import take_back

            take_back(AwaitedAnswers(descriptor=options.link, serials=tuple(options.serials)))
            return 0
        case _:
            return _run_query(options)


def _run_query(options: argparse.Namespace) -> int:
    match options.command:
        case "spell":
            from supportdesk.adapters.spelling_process import main

            return main(options.language)
        case "status":
            from supportdesk.commands.status import run_status

            return run_status(as_json=options.json)
        case "outbox":
            from supportdesk.commands.outbox import run_outbox

            return run_outbox(as_json=options.json)
        case "why":
            from supportdesk.commands.why import run_why

            return run_why(options.about, as_json=options.json)
        case "week":
            from supportdesk.commands.week import run_week

            return run_week(options.week, as_json=options.json)
        case "export" | "import" | "delete":
            return _run_log(options)
        case "forget":
            from supportdesk.commands.forget import run_forget

            return run_forget(options.who, is_sure=options.yes)
        case _:
            from supportdesk.commands.call import run_call

            return run_call(
                options.turn,
                number=options.number,
                name=options.name,
                call_id=options.id,
                to=options.to,
                by=options.by,
                is_mine=options.me,
            )


def _run_log(options: argparse.Namespace) -> int:
    if options.what == "calls":
        from supportdesk.commands.export_calls import run_export_calls

        return run_export_calls(options.to, options.format, options.first, options.last)
    if options.command == "export" and (options.first or options.last):
        print(
            "supportdesk: Calls alone are exported of some days, with --from and --until.",
            file=sys.stderr,
        )
        return 2
    if options.what in ("quotes", "all"):
        from supportdesk.commands.export_words import run_export_all, run_export_quotes

        run = run_export_all if options.what == "all" else run_export_quotes
        return run(options.to, options.format)
    from supportdesk.commands.log import run_delete_log, run_export_log, run_import_log

    match options.command:
        case "export":
            return run_export_log(options.to, options.format)
        case "import":
            return run_import_log(options.file)
        case _:
            return run_delete_log(is_sure=options.yes)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="supportdesk",
        description="Hear your customers, all day, quietly. Without a command: the tray app.",
    )
    parser.add_argument("--version", action="version", version=f"supportdesk {__version__}")
    parser.add_argument(
        "--background", action="store_true", help="the tray app without a window, for autostart"
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    # Of the program for itself, and so without help: adapters/desktop/late_pop_ups starts it.
    take_back = commands.add_parser("take-back")
    take_back.add_argument("link", type=int)
    take_back.add_argument("serials", type=int, nargs="+")
    # As this one is by adapters/spelling.
    commands.add_parser("spell").add_argument("language")
    commands.add_parser("demo", help="the app on the practice desk, in a throw-away home")
    link = commands.add_parser(
        "open",
        help="show the mail, call or page of a supportdesk: link, or the mail of a mid: link",
    )
    link.add_argument("link", nargs="?", default="", help="without one: the window")
    watch = commands.add_parser("watch", help="print what it would tell; needs no display")
    watch.add_argument("--json", action="store_true", help="one object a line")
    watch.add_argument("--practice", action="store_true", help="watch the practice desk")
    status = commands.add_parser("status", help="who waits and what is heard, from the running app")
    status.add_argument("--json", action="store_true")
    outbox = commands.add_parser("outbox", help="what you sent and nobody has yet")
    outbox.add_argument("--json", action="store_true")
    why = commands.add_parser("why", help="what you were told and what not, and why")
    why.add_argument(
        "about", nargs="?", default="", help="a name or words, a key or a supportdesk: link"
    )
    why.add_argument("--json", action="store_true", help="one object a line")
    week = commands.add_parser("week", help="your minutes with customers")
    week.add_argument("--week", metavar="2026-W47", help="another week than this one")
    week.add_argument("--json", action="store_true")
    _add_log(commands)
    _add_call(
        commands.add_parser(
            "call",
            help="hand a phone event to the running app",
            description="Hand a phone event to the running app. When it does not run, the event is "
            "kept and taken in at its next start, with the time at which it happened.",
            epilog="ended without answered is a missed call. An event that is told again changes "
            "nothing. Recipes are in docs/hook.md.",
        )
    )
    secret = commands.add_parser("secret", help="keep or forget a password in the key store")
    secret.add_argument("verb", choices=("set", "clear"))
    secret.add_argument("name", help="mail/NAME, smtp/NAME, phone/NAME or hook/token")
    hook = commands.add_parser("hook", help="phone events by HTTP, on this computer alone")
    hook.add_argument(
        "verb", choices=("token",), help="make a new token, keep it and print it this once"
    )
    doctor = commands.add_parser("doctor", help="is it working? each part with its last error")
    doctor.add_argument("--json", action="store_true")
    return parser


def _add_log(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    export = commands.add_parser(
        "export", help="your reading log, all calls, all kept words, or all of it, as files"
    )
    export.add_argument("what", choices=("log", "calls", "quotes", "all"))
    export.add_argument("--to", default=".", metavar="FOLDER", help="else the one you are in")
    export.add_argument("--format", choices=("csv", "json", "both"), default="both")
    export.add_argument("--from", dest="first", metavar="2026-01-01", help="calls from this day on")
    export.add_argument(
        "--until", dest="last", metavar="2026-12-31", help="calls of this day and before"
    )
    join = commands.add_parser(
        "import",
        help="join the log of another computer to yours",
        description="Join an exported log, or another desk.db, to the log of this computer. What "
        "is known already is not counted twice, whatever you import and however often. A row that "
        "cannot be true is left out and named; the exit status is then 1.",
    )
    join.add_argument("what", choices=("log",))
    join.add_argument("file", help="a reading-log.csv, a reading-log.json or a desk.db")
    delete = commands.add_parser("delete", help="delete your whole reading log for good")
    delete.add_argument("what", choices=("log",))
    delete.add_argument("--yes", action="store_true", help="do not ask a second time")
    forget = commands.add_parser(
        "forget",
        help="delete all that is kept here of somebody, for good",
        description="Delete all that this computer keeps of somebody: cached mail and files, "
        "calls, notes, alerts. It says what goes, then asks. Your team's mailbox is not touched.",
    )
    forget.add_argument("who", help="an address, a number, or a name as it is shown")
    forget.add_argument("--yes", action="store_true", help="do not ask a second time")


def _add_call(call: argparse.ArgumentParser) -> None:
    call.add_argument("turn", choices=TURNS, help="what the call does")
    call.add_argument(
        "--from", dest="number", required=True, metavar="NUMBER", help="the caller's number"
    )
    call.add_argument("--name", default="", help="the caller's name")
    call.add_argument(
        "--id", default="", help="the phone system's id of this call; else its number"
    )
    call.add_argument("--to", default="", metavar="NUMBER", help="the number that was called")
    answered = call.add_mutually_exclusive_group()
    answered.add_argument("--by", default="", metavar="WHO", help="who answered")
    answered.add_argument("--me", action="store_true", help="it was you who answered")
