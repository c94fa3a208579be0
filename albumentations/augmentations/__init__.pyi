"""For type checkers: every module and name of older releases may be there."""

from typing import Any

def __getattr__(name: str) -> Any: ...
