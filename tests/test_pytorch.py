"""Tensors: layouts, dtypes, memory, and when PyTorch is imported."""

import pickle
import subprocess
import sys
from typing import Any

import numpy as np
import pytest
from common import picture

import albumentations as A

IMAGE = picture("uint8", 3)
MASK = picture("uint8", None)
MASK2 = picture("uint8", 2)


def test_importing_the_library_does_not_import_torch() -> None:
    code = "import sys, albumentations as A; A.ToTensorV2; A.pytorch.ToTensorV2; assert 'torch' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_without_torch_constructing_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "torch", None)
    with pytest.raises(ImportError, match="pip install torch"):
        A.ToTensorV2()


def test_the_three_import_paths_are_one_class() -> None:
    from albumentations.pytorch import ToTensorV2 as short
    from albumentations.pytorch.transforms import ToTensorV2 as full

    assert A.ToTensorV2 is short is full is A.pytorch.ToTensorV2


@pytest.mark.parametrize("channels", [None, 1, 2, 3, 5])
@pytest.mark.parametrize("dtype", ["uint8", "float32", "float64", "int32", "bool", "float16"])
def test_channels_come_first(channels: Any, dtype: str) -> None:
    torch = pytest.importorskip("torch")
    image = picture("uint8", channels).astype(dtype)
    out = A.ToTensorV2()(image=image)["image"]
    assert isinstance(out, torch.Tensor)
    assert out.is_contiguous()
    expected = image[None] if channels is None else image.transpose(2, 0, 1)
    assert out.numpy().dtype == image.dtype
    assert np.array_equal(out.numpy(), expected)


@pytest.mark.parametrize("transpose_mask", [False, True])
def test_masks_keep_their_axes_unless_asked(transpose_mask: bool) -> None:
    pytest.importorskip("torch")
    transform = A.ToTensorV2(transpose_mask)
    out = transform(image=IMAGE, mask=MASK2, masks=[MASK, MASK2])
    expected = MASK2.transpose(2, 0, 1) if transpose_mask else MASK2
    assert np.array_equal(out["mask"].numpy(), expected)
    assert type(out["masks"]) is list
    assert np.array_equal(out["masks"][0].numpy(), MASK)
    assert np.array_equal(out["masks"][1].numpy(), expected)
    stack = np.stack([MASK2] * 3)
    out = transform(image=IMAGE, masks=stack)["masks"]
    assert np.array_equal(out.numpy(), stack.transpose(0, 3, 1, 2) if transpose_mask else stack)


def test_stacks_of_images() -> None:
    pytest.importorskip("torch")
    transform = A.ToTensorV2()
    stack = np.stack([IMAGE, IMAGE[::-1]])
    assert np.array_equal(transform(images=stack)["images"].numpy(), stack.transpose(0, 3, 1, 2))
    assert transform(images=np.stack([MASK] * 2))["images"].shape == (2, 1, *MASK.shape)
    listed = transform(images=[IMAGE, IMAGE])["images"]
    assert type(listed) is list
    assert [tuple(t.shape) for t in listed] == [(3, *MASK.shape)] * 2
    volume = transform(image=IMAGE, volume=stack)["volume"]  # left to ToTensor3D, as in 2.0.8
    assert isinstance(volume, np.ndarray)


@pytest.mark.parametrize("channels", [None, 1, 3])
def test_tensors_share_no_memory_with_the_input(channels: Any) -> None:
    pytest.importorskip("torch")
    image = picture("float32", channels)
    for view in (image, image[::-1], image[:, ::-1]):
        view.setflags(write=False)
        out = A.ToTensorV2()(image=view, mask=view)
        for name in ("image", "mask"):
            assert not np.may_share_memory(out[name].numpy(), image)
            out[name].add_(1)  # and may be written to


def test_a_dtype_that_torch_lacks_is_named() -> None:
    torch = pytest.importorskip("torch")

    def fail(array: np.ndarray) -> None:
        raise TypeError("can't convert")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(torch, "from_numpy", fail)
        with pytest.raises(TypeError, match="ToTensorV2: this PyTorch has no tensors of dtype uint16"):
            A.ToTensorV2()(image=IMAGE.astype(np.uint16))


def test_it_is_written_down_and_always_applied() -> None:
    pytest.importorskip("torch")
    transform = A.ToTensorV2(transpose_mask=True)
    assert transform.p == 1
    copy = A.from_dict(A.to_dict(transform))
    assert A.to_dict(copy) == A.to_dict(transform)
    assert pickle.loads(pickle.dumps(transform)).transpose_mask is True


def test_at_the_end_of_a_pipeline() -> None:
    pytest.importorskip("torch")
    pipeline = A.Compose([A.HorizontalFlip(p=1), A.Normalize(), A.ToTensorV2()])
    out = pipeline(image=IMAGE, mask=MASK)
    assert out["image"].shape == (3, *MASK.shape)
    assert np.array_equal(out["mask"].numpy(), MASK[:, ::-1])


def test_boxes_and_keypoints_are_right_beside_a_tensor() -> None:
    pytest.importorskip("torch")
    pipeline = A.Compose(
        [A.HorizontalFlip(p=1), A.ToTensorV2()],
        bbox_params=A.BboxParams("pascal_voc", label_fields=["labels"]),
        keypoint_params=A.KeypointParams("xy"),
    )
    out = pipeline(image=IMAGE, bboxes=[(4.0, 5.0, 20.0, 25.0)], labels=["a"], keypoints=[(5.0, 30.0)])
    assert out["bboxes"] == [(28.0, 5.0, 44.0, 25.0)]
    assert out["keypoints"] == [(42.0, 30.0)]


VOLUME = np.arange(4 * 5 * 6 * 3, dtype=np.int64).reshape(4, 5, 6, 3)


def test_volumes_are_left_to_their_own_transform() -> None:
    code = "import sys, albumentations as A; A.ToTensor3D; assert A.pytorch.ToTensor3D is A.ToTensor3D"
    subprocess.run([sys.executable, "-c", f"{code}; assert 'torch' not in sys.modules"], check=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, "torch", None)
        with pytest.raises(ImportError, match="pip install torch"):
            A.ToTensor3D()


@pytest.mark.parametrize("channels", [None, 1, 2, 3, 5])
@pytest.mark.parametrize("dtype", ["uint8", "float32", "float64", "int32", "bool", "float16", "int64"])
def test_channels_of_volumes_come_first(channels: Any, dtype: str) -> None:
    torch = pytest.importorskip("torch")
    volume = np.stack([picture("uint8", channels, 5, 6)] * 4).astype(dtype)
    volume[1] = volume[1][::-1]
    expected = volume[None] if channels is None else volume.transpose(3, 0, 1, 2)
    for view in (volume, np.asfortranarray(volume), np.repeat(volume, 2, 1)[:, ::2]):
        view.setflags(write=False)
        out = A.ToTensor3D()(volume=view, mask3d=view, volumes=np.stack([view] * 2), masks3d=[view])
        for tensor in (out["volume"], out["mask3d"], *out["volumes"], *out["masks3d"]):
            assert isinstance(tensor, torch.Tensor)
            assert tensor.is_contiguous()
            assert tensor.numpy().dtype == volume.dtype
            assert np.array_equal(tensor.numpy(), expected)
            assert not np.may_share_memory(tensor.numpy(), view)
        assert out["volumes"].shape == (2, *expected.shape)
        assert type(out["masks3d"]) is list


def test_tensors_of_volumes_at_the_end_of_a_pipeline() -> None:
    pytest.importorskip("torch")
    volume = VOLUME.astype(np.uint8)
    pipeline = A.Compose([A.CubicSymmetry(), A.Pad3D((1, 0, 0)), A.ToTensor3D()], keypoint_params="xyz", seed=3)
    for _ in range(9):
        out = pipeline(volume=volume, mask3d=volume[..., 0], keypoints=[(0, 0, 0), (5, 4, 3)])
        shown = out["volume"].numpy()
        assert shown.shape[0] == 3
        assert out["mask3d"].shape == (1, *shown.shape[1:])
        for (x, y, z), value in zip(out["keypoints"], (volume[0, 0, 0], volume[3, 4, 5])):
            assert np.array_equal(shown[:, int(z), int(y), int(x)], value)
        assert len(out["keypoints"]) == 2
    both = A.Compose([A.HorizontalFlip(p=1), A.ToTensorV2(), A.ToTensor3D()])(image=volume[0], volume=volume)
    assert both["image"].shape == (3, 5, 6)
    assert np.array_equal(both["volume"].numpy()[:, 0], both["image"].numpy())
    copy = A.from_dict(A.to_dict(A.ToTensor3D(p=0.5)))
    assert copy.p == 0.5
    with pytest.raises(TypeError, match=r"ToTensor3D.*'transpose_mask'"):
        A.ToTensor3D(transpose_mask=True)


def test_rows_that_leave_the_volume_are_dropped_beside_a_tensor() -> None:
    pytest.importorskip("torch")
    volume = np.zeros((4, 5, 6), np.uint8)
    params = A.KeypointParams("xyz", check_each_transform=False)
    pipeline = A.Compose([A.CenterCrop3D((2, 5, 6)), A.ToTensor3D()], keypoint_params=params)
    assert pipeline(volume=volume, keypoints=[(1, 2, 0), (1, 2, 1)])["keypoints"] == [(1, 2, 0)]
