"""1.4's names of types; what it has is in `older.py`."""

from .paths import lazy

__getattr__ = lazy(__name__)
