"""Runs in the interpreter of one library, ours or a peer's: times a call when asked. Needs nothing beside it."""

import json
import sys
import time
import warnings


def main() -> None:
    """Read requests line by line: {"setup": code, "call": expression} prepares, {"calls": n} times a batch."""
    warnings.simplefilter("ignore")
    function = None
    for line in sys.stdin:
        request = json.loads(line)
        if "setup" in request:
            names: dict = {}
            exec(request["setup"], names)
            function = eval(f"lambda: {request['call']}", names)
            function()
            answer = names.get("version", "")
        else:
            start = time.perf_counter()
            for _ in range(request["calls"]):
                function()
            answer = (time.perf_counter() - start) / request["calls"]
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
