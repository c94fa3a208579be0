"""Runs in the interpreter of one library, ours or a peer's: times a call, or tells a value. Needs nothing beside it."""

import json
import random
import sys
import time
import warnings


def main() -> None:
    """Read requests line by line.

    {"setup": code, "call": expression} prepares, {"calls": n} times a batch, {"value": expression} answers with it.
    """
    warnings.simplefilter("ignore")
    function = None
    names: dict = {}
    for line in sys.stdin:
        request = json.loads(line)
        if "setup" in request:
            names = {}
            try:
                exec(request["setup"], names)
                function = eval(f"lambda: {request['call']}", names)
                function()
                answer = [names["version"], names["file"]]
            except (
                Exception
            ) as error:  # a class that is not there, an argument that it does not take: the asker decides
                answer = _refusal(error)
        elif "value" in request:
            try:
                answer = eval(request["value"], names)
            except Exception as error:
                answer = _refusal(error)
        else:
            calls = range(request["calls"])
            random.seed(0)
            start = time.perf_counter()
            for _ in calls:
                function()
            answer = (time.perf_counter() - start) / len(calls)
        print(json.dumps(answer), flush=True)


def _refusal(error: Exception) -> dict:
    return {"error": f"{type(error).__name__}: {' '.join(str(error).split())[:200]}"}


if __name__ == "__main__":
    main()
