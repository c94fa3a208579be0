"""Tables held back and merged, exactly.

Consecutive pointwise operations on uint8 become one table (`new[table]` gives the same bytes as two look-ups), and held
tables pass flips and crops before they are applied, so that fewer pixels are touched. Draws still happen in pipeline
order, and results do not depend on fusion.
"""

from typing import Any, Protocol

import numpy as np

from ..functional.cv import lut


class HasTable(Protocol):
    """A pointwise transform: it has a table of 256 entries."""

    def _table(self, **params: Any) -> np.ndarray:
        """(256,) for all channels, or (256, C)."""


class Held(list[tuple[HasTable, dict[str, Any], Any]]):
    """The pointwise transforms of a call whose tables wait until something needs the pixels.

    Of each there is the transform, the numbers for its table, and the steps that it would do alone.
    """

    def settle(self, data: dict[str, Any]) -> None:
        """Apply what waits: one by its own kernel (inverting costs 5 us, a table 12), several by one table."""
        transform, context, steps = self[0]
        if len(self) == 1:
            for step in steps:
                data[step.name] = step.function(data[step.name], **context)
            return
        table = transform._table(**context)
        for transform, context, _ in self[1:]:
            table = merged(table, transform._table(**context))
        for step in steps:
            data[step.name] = lut(data[step.name], table)


def merged(old: np.ndarray, new: np.ndarray) -> np.ndarray:
    """The one table that does what `old` and then `new` do; `(256,)` for all channels or `(256, C)`."""
    if old.ndim == 2 and new.ndim == 2:
        return np.take_along_axis(new, old.astype(np.intp), axis=0)
    return new[old]
