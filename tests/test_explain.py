"""`A.explain`: chances are those of calls, and what was written is remembered without a trace elsewhere."""

import copy
import pickle
from typing import Any

import numpy as np
import pytest

import albumentations as A

IMAGE = np.zeros((4, 5, 3), np.uint8)


def columns(pipeline: Any) -> dict[str, list[str]]:
    """The table, read again: the cells of the first line of every step, by the head of their column."""
    head, rule, *rows = A.explain(pipeline).splitlines()
    ends = np.cumsum([len(part) + 2 for part in rule.split("  ")])
    cut = lambda row: [row[start:end].rstrip() for start, end in zip([0, *ends], ends)]  # noqa: E731
    names, cells = cut(head), [cut(row) for row in rows if row[0] != " "]
    return {name: [cell[at] for cell in cells] for at, name in enumerate(names)}


class Marked(A.ImageOnlyTransform):
    """Says that it was applied."""

    def __init__(self, channel: int, p: float = 0.5) -> None:
        super().__init__(p=p)
        self.channel = channel

    def apply(self, img: np.ndarray, **params: Any) -> np.ndarray:
        img = img.copy()
        img[0, self.channel, 0] += 1
        return img


def steps() -> list[Any]:
    return [Marked(0, 0.2), Marked(1, 0.3), Marked(2, 0.9), Marked(3, 0)]


CONTAINERS = [
    lambda: A.OneOf(steps(), p=0.7),
    lambda: A.SomeOf(steps(), n=2, replace=False, p=0.8),
    lambda: A.SomeOf(steps(), n=3, replace=False, p=0.8),
    lambda: A.SomeOf(steps(), n=2, replace=True),
    lambda: A.RandomOrder(steps(), n=2),
    lambda: A.RandomOrder(steps(), n=3, replace=True),
    lambda: A.Sequential(steps(), p=0.6),
    lambda: A.OneOrOther(A.Sequential(steps(), p=0.1), A.OneOf(steps()), p=0.3),
    lambda: A.OneOf([A.Compose(steps(), p=0.2), A.OneOf(steps(), p=0.6)], p=0.5),
    lambda: A.Compose([A.OneOf([Marked(0, p=0.3), A.SomeOf([Marked(1), Marked(2)], n=1)], p=0.5), Marked(3, p=1)]),
]


@pytest.mark.parametrize("build", CONTAINERS)
def test_chances_are_those_of_calls(build: Any) -> None:
    pipeline = A.Compose([build()], seed=1)
    told = columns(pipeline)
    count = 4000
    applied = np.mean([pipeline(image=IMAGE)["image"][0, :4, 0] > 0 for _ in range(count)], axis=0)
    expected = np.zeros(4)
    for step, chance, arguments in zip(told["step"], told["chance"], told["arguments"]):
        if step.strip() == "Marked":
            at = int(arguments.split("channel=")[1][0]) if "channel" in arguments else None
            assert at is not None
            expected[at] += float(chance.rstrip(" %")) / 100
    assert np.allclose(applied, expected, atol=4 * 0.5 / count**0.5)


def test_a_table_tells_arguments_targets_dtypes_and_older_spellings() -> None:
    pipeline = A.Compose([A.Rotate(30, value=3), A.CLAHE(p=1), A.CoarseDropout(max_holes=4), Marked(1)], seed=3)
    told = columns(pipeline)
    assert told["step"] == ["Compose", "  Rotate", "  CLAHE", "  CoarseDropout", "  Marked"]
    assert told["changes"][1:3] == ["image, volume, mask, mask3d, bboxes, keypoints", "image, volume"]
    assert told["takes"][2] == "any dtype; 1 or 3 channels"
    assert told["was written as"] == ["", "value=3", "", "max_holes=4", ""]
    assert "fill=3" in A.explain(pipeline)
    assert "was written as" not in A.explain(A.HorizontalFlip())
    assert repr(A.explain(pipeline)) == str(A.explain(pipeline))
    with pytest.raises(TypeError, match="explain takes a pipeline or a transform, not list"):
        A.explain([A.Flip()])


def test_what_was_written_leaves_no_trace_elsewhere() -> None:
    old, new = A.Rotate(30, value=3), A.Rotate(30, border_mode=4, fill=3)
    assert A.to_dict(old) == A.to_dict(new)
    assert repr(old) == repr(new)
    for again in (copy.deepcopy(old), pickle.loads(pickle.dumps(old))):
        assert "value=3" in A.explain(again)
    assert "value=3" not in A.explain(A.from_dict(A.to_dict(old)))
    old.fill = 4
    assert "value=3" not in A.explain(old)
    assert "value=3" in A.explain(A.Rotate(45, 1, 0, (1, 2, 3)).__class__(value=3))  # by position too
    assert "value=(1, 2, 3)" in A.explain(A.Rotate(45, 1, 0, (1, 2, 3)))
