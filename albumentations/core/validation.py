"""The metaclass of 1.4 and 2.0, under its path; what it has is in `older.py`."""

from .paths import lazy

__getattr__ = lazy(__name__)
