"""Transforms of some channels of the image."""

from typing import Any

import numpy as np

from ..core.composition import BaseCompose
from ..core.params import Numbers, numbers_of
from ..core.plan import Call, Data


class SelectiveChannelTransform(BaseCompose):
    """Transforms of some channels of the image; the other channels stay as they are.

    Raises:
        ValueError: the image has no such channel, or a transform has changed its size.
    """

    channels: Numbers = numbers_of(
        default=(0, 1, 2), low=0, integer=True, doc="indices of the channels that they see as an image of their own"
    )
    order = "transforms channels p"

    def _run(self, data: Data, call: Call, force: bool = False) -> None:
        if self._wanted(call, force):
            self._on_channels(data, call, lambda: self._children(data, call))

    def _rerun(self, data: Data, call: Call, events: list[Any]) -> None:
        self._on_channels(data, call, lambda: super(SelectiveChannelTransform, self)._rerun(data, call, events))

    def _on_channels(self, data: Data, call: Call, work: Any) -> None:
        """Do the work with the image replaced by some of its channels, then put them back."""
        call.settle(data)
        names = [n for n, t in call.plan.targets.items() if t.kind.colors]
        whole = {n: data[n] for n in names}
        chosen = [int(c) for c in self.channels]
        for name, image in whole.items():
            if not isinstance(image, np.ndarray) or image.ndim < 3 or max(chosen, default=0) >= image.shape[-1]:
                shape = getattr(image, "shape", type(image).__name__)
                raise ValueError(f"SelectiveChannelTransform: {name} has no channels {self.channels}, it is {shape}")
            data[name] = np.ascontiguousarray(image[..., chosen])
        work()
        call.settle(data)
        for name, image in whole.items():
            part = data[name].reshape(*data[name].shape[: image.ndim - 1], -1)
            if part.shape[:-1] != image.shape[:-1] or part.shape[-1] != len(chosen):
                raise ValueError(
                    f"SelectiveChannelTransform: {name} came back with the shape {part.shape};"
                    f" transforms inside must keep {(*image.shape[:-1], len(chosen))}"
                )
            result = image.astype(part.dtype) if part.dtype != image.dtype else image.copy()
            result[..., chosen] = part
            data[name] = result
