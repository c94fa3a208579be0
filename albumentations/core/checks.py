"""What a transform asks of the pictures of a call, before any work is done on them."""

from collections.abc import Iterable
from typing import Any

from ..functional.cv import channels
from .advice import warn_of_fill, warn_of_range
from .plan import Call, Data, Plan, Step
from .targets import check_pictures, described, first_picture


def images(transform: Any, data: Data, plan: Plan) -> None:
    """Raise unless images have the channels and dtypes that the transform needs, and pictures their axes."""
    owner = type(transform).__name__
    if plan.settings.loose and transform._library:
        for name, axes in plan.arrays:
            check_pictures(owner, name, data[name], axes, plan.targets[name].stacked)
    counts, dtypes = transform._needs_channels, transform._needs_dtypes
    if not counts and not dtypes:
        return
    for name, axes in plan.arrays:
        picture = first_picture(data[name], axes) if plan.targets[name].kind.colors else None
        if picture is None:
            continue  # a mask, or an empty stack
        if counts and channels(picture) not in counts:
            several = isinstance(counts, range)
            allowed = f"at least {counts[0]}" if several else " or ".join(map(str, dict.fromkeys(counts)))
            raise ValueError(f"{owner}: {name} must have {allowed} channels, got the shape {picture.shape}")
        if dtypes and picture.dtype.name not in dtypes:
            raise TypeError(f"{owner}: {name} has dtype {picture.dtype}; allowed are {', '.join(dtypes)}")


def refuse(transform: Any, steps: Iterable[Step], data: Data, call: Call) -> None:
    """Raise where a step before has left something that is no picture."""
    for step in steps:
        if step.name in call.strange:
            owner, value = call.strange[step.name], data[step.name]
            tensor = type(value).__module__.startswith("torch")
            advice = f"put {owner} last" if tensor else "it must return a NumPy array (H, W) or (H, W, C) of numbers"
            what = f"{described(value)} as {step.name}, which {type(transform).__name__} cannot take"
            raise TypeError(f"{owner} returned {what}: {advice}")


def fills_differ(transform: Any) -> bool:
    """Whether the transform fills with anything but black."""
    return not getattr(transform, "border_mode", 0) and any(getattr(transform, name) for name in transform._fills)


def fills(transform: Any, steps: Iterable[Step], data: Data) -> None:
    """Say once what a fill becomes that the dtype does not have."""
    for name in transform._fills if fills_differ(transform) else ():
        fill = getattr(transform, name)
        if fill:
            for step in steps:
                if step.colors == (name == "fill"):
                    warn_of_fill(type(transform).__name__, name, fill, data[step.name])


def ranges(transform: Any, steps: Iterable[Step], data: Data) -> None:
    """Say once if floats that the transform takes to lie in [0, 1] lie far outside."""
    for step in steps:
        if step.colors:
            warn_of_range(type(transform).__name__, step.name, data[step.name])
