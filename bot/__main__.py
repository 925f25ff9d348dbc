"""The `onward` command. What a command needs is imported when it runs, so that `--help` is quick."""

# ruff: noqa: PLC0415 - imports inside functions are what makes it quick
# ruff: noqa: T201 - a command prints

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

SETS = Path("tests/understanding/eval")
FORMATS = ("mermaid", "svg", "png")

INTERRUPTED = 130
PIPE_CLOSED = 141
"""What a shell reports for a program that was interrupted, and for one that wrote into a closed pipe."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code."""
    # numpy would begin with a thread for every core, which cost time and are never used: what is reckoned is small.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    arguments = _parser().parse_args(argv)
    if sys.stdout is None:  # it was closed before the start
        return PIPE_CLOSED
    try:
        code: int = arguments.run(arguments)
        sys.stdout.flush()
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # Nobody reads any more: what is left in the buffer must not be tried again when Python ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return PIPE_CLOSED
    except Exception as error:  # noqa: BLE001 - the last place before Python would print a traceback
        from bot.failures import failure_of

        sentence, code = failure_of(error)
        print(f"onward: {sentence}", file=sys.stderr)
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="onward", description="From a rejection to a plan for the next application.")
    parser.add_argument("--version", action=_Version, help="print the version and leave")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")

    chat = commands.add_parser("chat", help="talk to Onward in this terminal")
    _add_database(chat)
    chat.add_argument("--as", dest="who", metavar="NAME", help="another person than the one who is logged in")
    chat.add_argument("--new", action="store_true", help="start over: erase what is kept of this person first")
    chat.add_argument("--plain", action="store_true", help="bare lines: no colour, no prompt; for pipes")
    chat.set_defaults(run=_chat)

    serve = commands.add_parser("run", help="serve Discord and Slack, as the settings say")
    _add_database(serve)
    serve.set_defaults(run=_run)

    check = commands.add_parser("check", help="look at everything that is set up, and say what has to be mended")
    _add_database(check)
    check.set_defaults(run=_check)
    platform = check.add_subparsers(title="only one platform", metavar="[PLATFORM]")
    platform.add_parser("discord", help="its token, the invite link, and what is missing").set_defaults(
        run=_check_discord
    )
    platform.add_parser("slack", help="its tokens, the scopes, and what is missing").set_defaults(run=_check_slack)

    slack = commands.add_parser("slack", help="set the app up in Slack").add_subparsers(
        required=True, metavar="COMMAND"
    )
    manifest = slack.add_parser("manifest", help="print the app's manifest, to be pasted at api.slack.com/apps")
    manifest.add_argument("--url", default="", metavar="URL", help="the bot's address on the web, for HTTP")
    manifest.set_defaults(run=_slack_manifest)

    flow = commands.add_parser("flow", help="draw every step and every move between them")
    flow.add_argument("--format", choices=FORMATS, default=FORMATS[0], help="what to draw (default: %(default)s)")
    flow.add_argument("--output", type=Path, metavar="FILE", help="write to a file")
    flow.set_defaults(run=_flow)

    words = commands.add_parser("words", help="the words of the bot").add_subparsers(required=True, metavar="COMMAND")
    words.add_parser("check", help="look for mistakes in the words, in every language").set_defaults(run=_check_words)

    understand = commands.add_parser("understand", help='read {"text": "..."} lines, write what each one means')
    understand.add_argument("--report", action="store_true", help="measure the labelled sets and write it into docs/")
    understand.add_argument("--sets", type=Path, default=SETS, metavar="DIR", help="where they are (%(default)s)")
    understand.add_argument("--docs", type=Path, default=Path("docs"), metavar="DIR", help="(%(default)s)")
    understand.set_defaults(run=_understand)

    _add_data_commands(commands)
    return parser


def _add_data_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    keys = commands.add_parser("keys", help="the host's key").add_subparsers(required=True, metavar="COMMAND")
    change = keys.add_parser("rotate", help="change to another key; the bot may run meanwhile")
    _add_database(change)
    change.set_defaults(run=_rotate)

    backup = commands.add_parser("backup", help="copy the database into a file; the bot may run meanwhile")
    backup.add_argument("file", type=Path, metavar="FILE", help="a new file; none is overwritten")
    _add_database(backup)
    backup.set_defaults(run=_backup)

    restore = commands.add_parser("restore", help="put a backup back; stop the bot first")
    restore.add_argument("file", type=Path, metavar="FILE", help="what 'onward backup' has made")
    _add_database(restore)
    restore.add_argument(
        "--everybody", action="store_true", help="bring back also whoever is gone from the present database"
    )
    restore.set_defaults(run=_restore)

    database = commands.add_parser("db", help="the database").add_subparsers(required=True, metavar="COMMAND")
    upgrade = database.add_parser("upgrade", help="bring the database to this version")
    _add_database(upgrade)
    upgrade.set_defaults(run=_upgrade)
    move = database.add_parser("import", help="bring everything from a SQLite file to a server; stop the bot first")
    move.add_argument("file", type=Path, metavar="FILE", help="the SQLite database of the bot until now")
    move.set_defaults(run=_import)


def _add_database(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--db", type=Path, metavar="PATH", help="the database file (default: ONWARD_DATABASE_URL)")


class _Version(argparse.Action):
    """Looks the version up only when it is asked for."""

    def __init__(self, option_strings: Sequence[str], dest: str, help: str | None = None) -> None:  # noqa: A002 - argparse's name
        super().__init__(option_strings, dest, nargs=0, help=help)

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from importlib.metadata import version

        print(f"onward {version('onward')}")
        parser.exit()


def _chat(arguments: argparse.Namespace) -> int:
    from bot.chat import run
    from bot.settings import Settings

    settings = Settings.read(os.environ, database=arguments.db)
    run(settings, arguments.who, new=arguments.new, plain=arguments.plain)
    return 0


def _run(arguments: argparse.Namespace) -> int:
    from bot.run import run
    from bot.settings import Settings

    run(Settings.read(os.environ, database=arguments.db))
    return 0


def _check(arguments: argparse.Namespace) -> int:
    from functools import partial
    from shutil import get_terminal_size

    from bot.check import check_everything

    width = get_terminal_size().columns if sys.stdout.isatty() else None
    # Each line is shown as soon as it is known: a platform may take its time.
    return check_everything(os.environ, arguments.db, partial(print, flush=True), width)


def _check_discord(_: argparse.Namespace) -> int:
    from bot.check import check_discord
    from bot.settings import Settings

    return _found(*check_discord(Settings.read(os.environ)))


def _check_slack(_: argparse.Namespace) -> int:
    from bot.check import check_slack
    from bot.settings import Settings

    return _found(*check_slack(Settings.read(os.environ)))


def _found(lines: Sequence[str], good: bool) -> int:  # noqa: FBT001 - what a check returns
    print("\n".join(lines))
    return 0 if good else 1


def _slack_manifest(arguments: argparse.Namespace) -> int:
    from adapters.slack.manifest import text
    from dialogs.catalog import Catalog

    try:
        print(text(Catalog.load(), arguments.url), end="")
    except ValueError as error:
        print(f"onward: {error}", file=sys.stderr)
        return 2
    return 0


def _flow(arguments: argparse.Namespace) -> int:
    if arguments.format == "png" and not arguments.output:
        print("onward: a PNG does not go to the terminal: name a file with --output FILE.", file=sys.stderr)
        return 2
    drawn = _drawn(arguments.format)
    if arguments.output:
        arguments.output.write_bytes(drawn)
    else:
        sys.stdout.write(drawn.decode())
    return 0


def _drawn(kind: str) -> bytes:
    if kind == "mermaid":
        from dialogs.flow import mermaid

        return mermaid().encode()
    from bot.drawing import draw

    return draw(kind)


def _check_words(_: argparse.Namespace) -> int:
    from datetime import UTC, datetime

    from dialogs.wordcheck import findings, stale_helplines

    found = [*findings(), *stale_helplines(datetime.now(UTC).date())]
    for finding in found:
        print(f"{finding.file}: {finding.key}: {finding.message}")
    return 1 if found else 0


def _understand(arguments: argparse.Namespace) -> int:
    if arguments.report:
        from bot.report import run

        table, good = run(arguments.sets, arguments.docs)
        print(table)
        return 0 if good else 1
    from bot.understand import answers

    for answer in answers(sys.stdin.buffer):
        print(answer, flush=True)
    return 0


def _rotate(arguments: argparse.Namespace) -> int:
    from bot.keys import rotate
    from bot.settings import Settings

    print(rotate(Settings.read(os.environ, database=arguments.db)))
    return 0


def _backup(arguments: argparse.Namespace) -> int:
    from bot.backup import back_up
    from bot.settings import Settings

    print(back_up(Settings.read(os.environ, database=arguments.db), arguments.file))
    return 0


def _restore(arguments: argparse.Namespace) -> int:
    from bot.backup import restore
    from bot.settings import Settings

    print(restore(Settings.read(os.environ, database=arguments.db), arguments.file, everybody=arguments.everybody))
    return 0


def _upgrade(arguments: argparse.Namespace) -> int:
    from bot.settings import Settings
    from bot.upgrade import run

    print(run(Settings.read(os.environ, database=arguments.db)))
    return 0


def _import(arguments: argparse.Namespace) -> int:
    from bot.moving import run
    from bot.settings import Settings

    print(run(Settings.read(os.environ), arguments.file))
    return 0


if __name__ == "__main__":
    sys.exit(main())
