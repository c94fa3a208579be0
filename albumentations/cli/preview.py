"""`albumentations preview`: the original and some draws of a pipeline on one sheet."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Optional

import numpy as np

from . import files, pipeline
from .coco import Coco, collect
from .files import BrokenImage, UsageError
from .segments import pixels
from .sheet import Picture, sheet


@dataclass
class Sample:
    """An image with whatever is known of it; its name is the one its COCO entry has."""

    name: str
    image: Any
    mask: Any = None
    coco: Optional[Coco] = None

    @property
    def annotations(self) -> list[dict[str, Any]]:
        """The image's COCO annotations."""
        return [] if self.coco is None else self.coco.annotations[self.name]


def sample_of(image: Path, mask: Optional[Path], coco: Optional[Path]) -> Sample:
    """Read an image, its mask, and its entry in a COCO file, found by the end of its path."""
    try:
        sample = Sample(image.name, files.read_image(image))
        if mask is not None:
            sample.mask = files.read_mask(mask)[0]
    except BrokenImage as error:
        raise UsageError(str(error)) from None
    if mask is not None and sample.mask.shape[:2] != sample.image.shape[:2]:
        raise UsageError(f"{mask} and {image} are not of one size")
    if coco is not None:
        sample.coco = Coco.read(coco)
        path = image.resolve().as_posix()
        names = [name for name in sample.coco.images if path.endswith("/" + name)]
        if len(names) != 1:
            raise UsageError(f"{image} is listed {len(names)} times in {coco}, not once")
        sample.name = names[0]
    return sample


def _picture(caption: str, coco: Optional[Coco], image: Any, mask: Any, annotations: list[dict[str, Any]]) -> Picture:
    labels = {} if coco is None else coco.labels
    boxed = [annotation for annotation in annotations if "bbox" in annotation]
    points = []
    for annotation in annotations:
        flat = annotation.get("keypoints", [])
        points += [flat[at : at + 2] for at in range(0, len(flat), 3) if flat[at + 2]]
    if mask is None and any(annotation.get("segmentation") for annotation in annotations):
        mask = np.zeros(image.shape[:2], np.uint16)
        for annotation in annotations:
            where = pixels(annotation, *image.shape[:2])
            if where is not None:
                mask[where > 0] = labels.get(annotation.get("category_id"), (1, ""))[0]
    return Picture(
        caption,
        image,
        mask,
        [annotation["bbox"] for annotation in boxed],
        [labels.get(annotation.get("category_id"), (1, "")) for annotation in boxed],
        points,
    )


def preview(sample: Sample, path: Optional[Path], count: int, seed: int) -> Any:
    """A sheet, `(H, W, 3)` uint8: the sample and `count` draws, the same ones that `augment` makes with this seed."""
    coco, annotations = sample.coco, sample.annotations
    spec = pipeline.spec_for(path, sample.mask is not None, coco)
    augment = pipeline.build(spec, seed)
    try:
        data, homes = pipeline.arguments(spec, sample.image, sample.mask, annotations)
    except BrokenImage as error:
        raise UsageError(f"{sample.name}: {error}") from None
    pictures = [_picture("original", coco, sample.image, sample.mask, annotations)]
    for number in range(count):
        try:
            result = augment(**data, sample_key=f"{sample.name}#{number}")
        except Exception as error:  # whatever a transform raises on this image, the user reads it
            raise UsageError(f"{sample.name}: {type(error).__name__}: {error}") from error
        new = collect(annotations, homes, result)
        pictures.append(_picture(str(number), coco, result["image"], result.get("mask"), new))
    return sheet(pictures)
