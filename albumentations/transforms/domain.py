"""Domain adaptation: an image takes over something of another one, the reference."""

from typing import Any, Optional

import cv2
import numpy as np

from ..core.params import Anything, Choice, Range, anything, choice, span
from ..core.plan import Shape
from ..functional import cv, domain
from .named import Named, read_name


def read_rgb_image(path: Any) -> np.ndarray:
    """The picture in a file, uint8 (H, W, 3), RGB. Raises ValueError where OpenCV cannot read it."""
    image = cv2.imread(str(path), cv2.IMREAD_COLOR)
    if image is None:
        raise ValueError(f"{str(path)!r} is no picture that OpenCV can read")
    return cv2.cvtColor(image, cv2.COLOR_BGR2RGB)


def _read_references(value: Any) -> Optional[tuple[Any, ...]]:
    if value is None:
        return None
    if isinstance(value, (str, bytes)) or not hasattr(value, "__len__"):
        raise TypeError(f"must be a list of arrays, or of what read_fn takes, not {type(value).__name__}")
    if not len(value):
        raise ValueError("must not be empty")
    return tuple(np.asarray(v) if isinstance(v, list) else v for v in value)


def _read_function(value: Any) -> Any:
    if not callable(value):
        raise TypeError(f"must be a function, not {type(value).__name__}")
    return value


class Adaptation(Named, abstract=True):
    """What needs a reference: one of those of the constructor, or of a list in the call, each as likely as the others.

    A transform gives `adapted(img, reference_image, ...)`.
    """

    reference_images: Anything = anything(
        read=_read_references,
        default=None,
        kw_only=True,
        doc="arrays like the image, or what read_fn makes arrays of; None: they are in the call under metadata_key",
    )
    read_fn: Anything = anything(
        read=_read_function,
        default=read_rgb_image,
        kw_only=True,
        doc="function that gives the picture of a reference that is no array: of its path, unless said otherwise",
    )
    metadata_key: Anything = anything(
        read=read_name,
        default="metadata",
        kw_only=True,
        doc="name of the call's argument that holds a list of references, where the constructor has none",
    )

    @property
    def _reads(self) -> tuple[str, ...]:
        return (self.metadata_key,) if self.reference_images is None else ()

    def example_call(self, image: np.ndarray) -> dict[str, Any]:
        return {self.metadata_key: [image[::-1].copy()]} if self.reference_images is None else {}

    def _arrays(self) -> list[np.ndarray]:
        return [v for v in self.reference_images or () if isinstance(v, np.ndarray)]

    @property
    def _needs_channels(self) -> tuple[int, ...]:
        return tuple(sorted({cv.channels(v) for v in self._arrays()}))

    @property
    def _needs_dtypes(self) -> tuple[str, ...]:
        return tuple(sorted({v.dtype.name for v in self._arrays()}))

    def _adapted(self, img: np.ndarray, reference_image: np.ndarray, *args: Any, **params: Any) -> np.ndarray:
        """The image with what it takes over from the reference."""
        raise NotImplementedError

    def _prepare(self, shape: Shape, *args: Any, **params: Any) -> dict[str, Any]:
        if "reference_image" in params:  # as the records of 1.x have it
            return {"reference_image": np.asarray(params["reference_image"])}
        found = params[self.metadata_key] if self.reference_images is None else self.reference_images
        owner = type(self).__name__
        if isinstance(found, (str, bytes, np.ndarray)) or not hasattr(found, "__len__") or not len(found):
            raise ValueError(f"{owner}: {self.metadata_key} must be a list of references, and not empty")
        chosen = found[min(int(params["reference"] * len(found)), len(found) - 1)]
        image = chosen if isinstance(chosen, np.ndarray) else self.read_fn(chosen)
        if not isinstance(image, np.ndarray):
            raise TypeError(f"{owner}: read_fn must return an array, not {type(image).__name__}")
        return {"reference_image": image}

    def apply(self, img: np.ndarray, **params: Any) -> np.ndarray:
        return self._adapted(img, **params)


def _sample(seed: int) -> np.ndarray:
    """An example of a reference: a ramp of colours, uint8 (32, 44, 3)."""
    y, x = np.mgrid[:32, :44]
    planes = (x * 5 + seed, 90 + y * 4, 200 - x * 2 - y + seed)
    return np.stack(planes, axis=2).astype(np.uint8)


_EXAMPLE: dict[str, Any] = {"reference_images": (_sample(3), _sample(30)), "name": "named"}


class HistogramMatching(Adaptation):
    """Give every channel the distribution of values that a reference has there (Gonzalez and Woods).

    Targets: image, volume; any dtype and number of channels, the reference's being the same; its size may be any.
    Raises ValueError for a reference of another dtype or number of channels.
    """

    blend_ratio: Range = span(default=(0.5, 1.0), low=0, high=1, doc="share of the matched image in the result")
    metadata_key: Anything = anything(read=read_name, default="hm_metadata", kw_only=True)
    order = "reference_images blend_ratio read_fn metadata_key p"
    eras = (
        "reference_images blend_ratio read_fn always_apply p",
        "reference_images blend_ratio read_fn p always_apply",
    )
    examples = (_EXAMPLE, {**_EXAMPLE, "blend_ratio": (0.1, 0.3)})
    neutral = {**_EXAMPLE, "blend_ratio": 0}

    def get_params(self) -> dict[str, Any]:
        return {"reference": self._uniform((0, 1)), "blend_ratio": self._uniform(self.blend_ratio)}

    def _adapted(self, img: np.ndarray, reference_image: np.ndarray, blend_ratio: float, **params: Any) -> np.ndarray:
        return domain.histogram(img, reference=reference_image, blend=blend_ratio)


class FDA(Adaptation):
    """Take over the amplitudes of low frequencies from a reference (Fourier domain adaptation; Yang and Soatto, 2020).

    Targets: image, volume; any dtype and number of channels, the reference's being the same; it is resized to the
    image. Raises ValueError for a reference of another dtype or number of channels.
    """

    beta_limit: Range = span(
        default=(0, 0.1),
        start=0,
        low=0,
        high=0.5,
        doc="largest frequency taken over, as a fraction of the smaller side; x is read as (0, x); 0 is the mean",
    )
    metadata_key: Anything = anything(read=read_name, default="fda_metadata", kw_only=True)
    order = "reference_images beta_limit read_fn metadata_key p"
    eras = ("reference_images beta_limit read_fn always_apply p", "reference_images beta_limit read_fn p always_apply")
    examples = (_EXAMPLE, {**_EXAMPLE, "beta_limit": (0.1, 0.3)})

    def get_params(self) -> dict[str, Any]:
        return {"reference": self._uniform((0, 1)), "beta": self._uniform(self.beta_limit)}

    def _adapted(self, img: np.ndarray, reference_image: np.ndarray, beta: float, **params: Any) -> np.ndarray:
        return domain.fourier(img, reference=reference_image, beta=beta)


class PixelDistributionAdaptation(Adaptation):
    """Give the pixels the distribution of colours that a reference has.

    Targets: image, volume; any dtype and number of channels, the reference's being the same; its size may be any. An
    axis of "pca" points the same way in both, so that bright stays bright. Raises ValueError for a reference of another
    dtype or number of channels.
    """

    blend_ratio: Range = span(default=(0.25, 1.0), low=0, high=1, doc="share of the adapted image in the result")
    transform_type: Choice = choice(
        "pca",
        "standard",
        "minmax",
        default="pca",
        doc="'pca' turns the principal axes, 'standard' moves mean and deviation, 'minmax' the extremes",
    )
    metadata_key: Anything = anything(read=read_name, default="pda_metadata", kw_only=True)
    order = "reference_images blend_ratio read_fn transform_type metadata_key p"
    eras = (
        "reference_images blend_ratio read_fn transform_type always_apply p",
        "reference_images blend_ratio read_fn transform_type p always_apply",
    )
    examples = (
        _EXAMPLE,
        {**_EXAMPLE, "transform_type": "standard"},
        {**_EXAMPLE, "transform_type": "minmax", "blend_ratio": (0.1, 0.3)},
    )
    neutral = {**_EXAMPLE, "blend_ratio": 0}

    def get_params(self) -> dict[str, Any]:
        return {"reference": self._uniform((0, 1)), "blend_ratio": self._uniform(self.blend_ratio)}

    def _adapted(self, img: np.ndarray, reference_image: np.ndarray, blend_ratio: float, **params: Any) -> np.ndarray:
        return domain.colors(img, reference=reference_image, kind=self.transform_type, blend=blend_ratio)
