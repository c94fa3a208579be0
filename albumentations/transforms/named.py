"""Transforms that hold pictures, which no file of a pipeline does: they are saved under a name."""

from typing import Any

from ..core.params import Anything, anything
from .families import Filter, Params


def read_name(value: Any) -> str:
    """A name that a user gives, or the name of an argument of the call."""
    if not isinstance(value, str):
        raise TypeError(f"must be a string, not {type(value).__name__}")
    return value


class Named(Filter, abstract=True):
    """A filter that is saved by its name alone, and given again when it is read."""

    name: Anything = anything(
        read=lambda value: None if value is None else read_name(value),
        default=None,
        kw_only=True,
        doc="what it is saved under; needed for saving only",
    )

    def _describe(self) -> Params:
        if self.name is None:
            raise NotImplementedError(
                f"{type(self).__name__} cannot be saved without a name: {type(self).__name__}(..., name='mine'), and"
                " when it is read again from_dict(..., nonserializable={'mine': transform})"
            )
        return {"__class_fullname__": self.get_class_fullname(), "__name__": self.name}
