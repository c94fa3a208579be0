"""Tables held back and merged, exactly.

Consecutive pointwise operations on uint8 become one table (`new[table]` gives the same bytes as two look-ups), and held
tables pass flips and crops before they are applied, so that fewer pixels are touched. Draws still happen in pipeline
order, and results do not depend on fusion.
"""

from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from ..functional.cv import lut

if TYPE_CHECKING:
    from .run import Call


class HasTable(Protocol):
    """A pointwise transform: it has a table of 256 entries."""

    def table(self, **params: Any) -> np.ndarray:
        """(256,) for all channels, or (256, C)."""


Held = list[tuple[HasTable, dict[str, Any], Any]]


def merged(old: np.ndarray, new: np.ndarray) -> np.ndarray:
    """The one table that does what `old` and then `new` do; `(256,)` for all channels or `(256, C)`."""
    if old.ndim == 2 and new.ndim == 2:
        return np.take_along_axis(new, old.astype(np.intp), axis=0)
    return new[old]


def hold(call: "Call", transform: HasTable, params: dict[str, Any], steps: Any) -> None:
    """Keep a pointwise transform until something needs the pixels; `steps` are its targets and methods."""
    if call.held is None:
        call.held = []
    call.held.append((transform, params, steps))


def settle(data: dict[str, Any], call: "Call") -> None:
    """Apply what is held: one transform by its own kernel, several by their merged table."""
    held, call.held = call.held or [], None
    if not held:
        return
    transform, params, steps = held[0]
    if len(held) == 1:
        for name, function in steps:
            data[name] = function(data[name], **params)
        return
    table = transform.table(**params)
    for transform, params, _ in held[1:]:
        table = merged(table, transform.table(**params))
    for name, _ in steps:
        data[name] = lut(data[name], table)
