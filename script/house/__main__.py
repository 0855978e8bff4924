"""Where every script arrives: make the environment it needs, then go on inside it."""

import os
import sys
from importlib import import_module
from pathlib import Path

if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).resolve().parents[2])  # the checkout, instead of this folder

from script.house import environment, progress  # noqa: E402

INSIDE = "--inside"  # not `sys.prefix`: who has activated the environment still wants it brought up to date
WITHOUT_ENVIRONMENT = {"lock"}
WITH_TESTS = {"test", "lint", "screens"}


def commands() -> list[str]:
    return sorted(file.stem for file in (Path(__file__).parent / "commands").glob("[a-z]*.py"))


def needs(command: str, arguments: list[str]) -> environment.Needs:
    """Say which packages a script stands on: `server --dev` shows the debug toolbar, which comes with the tests."""
    is_developing = command in WITH_TESTS or (command == "server" and "--dev" in arguments)
    return environment.TEST if is_developing else environment.RUN


def main() -> int:
    command, *arguments = sys.argv[1:]
    if command == INSIDE:
        command, *arguments = arguments
    elif command not in commands():
        raise progress.Refusal(f"There is no script/{command}. There are: {', '.join(commands())}.")
    elif command not in WITHOUT_ENVIRONMENT:
        python = environment.ensure(needs(command, arguments))
        progress.hand_on()
        os.execv(python, [str(python), __file__, INSIDE, command, *arguments])
    result: int = import_module(f"script.house.commands.{command}").main(arguments)
    return result


if __name__ == "__main__":
    progress.run(main)
