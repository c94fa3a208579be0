"""Transforms of some channels of the image."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..core.composition import BaseCompose, Transforms
from ..core.run import Call, Data


class SelectiveChannelTransform(BaseCompose):
    """Transforms of some channels of the image; the other channels stay as they are.

    Args:
        transforms: transforms that keep the height and the width.
        channels: the indices of the channels they see, as an image of their own.
        p: probability of doing anything.

    Raises:
        ValueError: the image has no such channel, or a transform has changed its size.
    """

    def __init__(self, transforms: Transforms, channels: Sequence[int] = (0, 1, 2), p: float = 1.0) -> None:
        super().__init__(transforms, p)
        if isinstance(channels, (int, np.integer)):
            channels = [int(channels)]
        if isinstance(channels, str) or not all(isinstance(c, (int, np.integer)) and c >= 0 for c in channels):
            raise ValueError(f"SelectiveChannelTransform(channels={channels!r}): channels must be indices, 0 or more")
        self.channels = tuple(int(c) for c in channels)

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
        chosen = list(self.channels)
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

    def _settings(self) -> dict[str, Any]:
        return {"channels": self.channels, "p": self.p}
