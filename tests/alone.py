"""Runs the real command on a host that lets nothing out: `python -m tests.alone REPORT [HOST:PORT] -- COMMAND...`.

Whatever would leave the host, or start another program, is refused and written to the report. One address may be
allowed: the platform's.
"""

import sys
from pathlib import Path
from typing import Any

WAYS_OUT = frozenset({"socket.connect", "socket.getaddrinfo", "socket.sendto", "socket.sendmsg"})
PROGRAMS = frozenset({"urllib.Request", "subprocess.Popen", "os.system", "os.posix_spawn", "os.exec"})


def main(report: Path, allowed: str, command: list[str]) -> int:
    """Refuse, and run the command."""

    def refuse(event: str, args: tuple[Any, ...]) -> None:
        if event in PROGRAMS or (event in WAYS_OUT and _address(event, args) != allowed):
            with report.open("a") as file:
                file.write(f"{event}\n")
            msg = f"{event} is refused here"
            raise PermissionError(msg)

    sys.addaudithook(refuse)
    from bot.__main__ import main as onward  # noqa: PLC0415 - what is imported is watched too

    return onward(command)


def _address(event: str, args: tuple[Any, ...]) -> str:
    """Return where to, as HOST:PORT."""
    where = args[:2] if event == "socket.getaddrinfo" else args[1]
    return f"{where[0]}:{where[1]}" if isinstance(where, tuple) else str(where)


if __name__ == "__main__":
    split = sys.argv.index("--")
    sys.exit(main(Path(sys.argv[1]), "".join(sys.argv[2:split]), sys.argv[split + 1 :]))
