"""Runs one probe: `python -m benchmarks.probes NAME '{"argument": …}'`; the last line it prints is its answer."""

import json
import sys
from time import perf_counter

import django

from benchmarks.memory import peak_of


def main() -> None:
    django.setup()
    from benchmarks.probes import answers, counting, importing, sessions

    probes = {
        "answers": answers.answers,
        "drain": counting.drain,
        "import_file": importing.import_file,
        "look_ahead": importing.look_ahead,
        "one_deal": counting.one_deal,
        "plan": counting.plan,
        "sessions": sessions.sessions,
        "work": counting.work,
    }
    name, arguments = sys.argv[1], json.loads(sys.argv[2])
    started = perf_counter()
    answer = probes[name](**arguments)
    seconds = perf_counter() - started
    sys.stdout.write("\n" + json.dumps({"answer": answer, "seconds": seconds, "peak": peak_of("self")}) + "\n")


if __name__ == "__main__":
    main()
