"""0.4's helper for Python 2 and 3; what it has is in `older.py`."""

from .paths import lazy

__getattr__ = lazy(__name__)
