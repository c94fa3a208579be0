"""What `agree` (agree.py) asks of classes, as code that both sides run, in 1.3.1's names or else 2.0.8's."""

# What there is beside the image in a call: the mask, unless said otherwise.
_BOXED = "dict(mask=mask, bboxes=boxes)"
CALLS = {
    "BBoxSafeRandomCrop": _BOXED,
    "RandomSizedBBoxSafeCrop": _BOXED,
    "AtLeastOneBBoxRandomCrop": _BOXED,
    "ConstrainedCoarseDropout": _BOXED,
    "RandomCropNearBBox": "dict(mask=mask, cropping_bbox=[40, 60, 200, 120])",
    "OverlayElements": "dict(overlay_metadata={'image': photos[1][:99, :80].copy()})",
    "Mosaic": "dict(mosaic_metadata=[{'image': p} for p in photos])",
    "TextImage": "dict(textimage_metadata={'text': 'a few words', 'bbox': (0.1, 0.1, 0.9, 0.2)})",
}

# Arguments that a class cannot be made without, and sizes that suit pictures of 256 x 256.
_REFERENCES = "[photos[1]], read_fn=lambda x: x"
REQUIRED = {
    "AtLeastOneBBoxRandomCrop": "100, 120",
    "CenterCrop": "100, 120",
    "ConstrainedCoarseDropout": "bbox_labels=[1]",
    "Crop": "20, 30, 200, 220",
    "CropAndPad": "percent=(-0.2, 0.2)",
    "CropNonEmptyMaskIfExists": "100, 120",
    "FDA": _REFERENCES,
    "GridElasticDeform": "(4, 4), 10",
    "HistogramMatching": _REFERENCES,
    "LongestMaxSize": "max_size=1024",
    "Pad": "(5, 10, 15, 20)",
    "PixelDistributionAdaptation": _REFERENCES,
    "RandomCrop": "100, 120",
    "RandomResizedCrop": "100, 120",
    "RandomSizedBBoxSafeCrop": "100, 120",
    "RandomSizedCrop": "(50, 200), 100, 120",
    "Resize": "100, 120",
    "SmallestMaxSize": "max_size=1024",
    "TemplateTransform": "photos[1]",
    "XYMasking": "num_masks_x=2, num_masks_y=2, mask_x_length=20, mask_y_length=30",
}

# Arguments that leave nothing to draw. Where the mathematics is another, decisions.md says so.
_COPY = "border_mode=0"
PINNED = {
    "AdvancedBlur": (
        "(7, 7), (2.0, 2.0), (1.0, 1.0), rotate_limit=(30, 30), beta_limit=(0.9, 0.9), noise_limit=(1.0, 1.0)",
    ),
    "Affine": (
        "scale=1.2, rotate=20, shear=5, translate_px={'x': 10, 'y': -20}",
        "scale={'x': (0.8, 0.8), 'y': (1.1, 1.1)}, mode=4, fit_output=False",
        "rotate=(30, 30), fit_output=True",
    ),
    "AutoContrast": ("cutoff=0", "cutoff=5"),
    "CenterCrop": ("100, 121",),
    "CLAHE": ("clip_limit=(3, 3)", "clip_limit=(2, 2), tile_grid_size=(4, 6)"),
    "ChromaticAberration": (
        "primary_distortion_limit=(0.02, 0.02), secondary_distortion_limit=(0.05, 0.05), mode='green_purple'",
    ),
    "ColorJitter": (
        "brightness=(1.2, 1.2), contrast=(1, 1), saturation=(1, 1), hue=(0, 0)",
        "brightness=(1, 1), contrast=(0.7, 0.7), saturation=(1, 1), hue=(0, 0)",
        "brightness=(1, 1), contrast=(1, 1), saturation=(1.5, 1.5), hue=(0, 0)",
        "brightness=(1, 1), contrast=(1, 1), saturation=(1, 1), hue=(0.1, 0.1)",
    ),
    "Crop": ("20, 30, 200, 220",),
    "CropAndPad": ("px=(10, -20, 30, -5)", "percent=(0.1, -0.1, 0.2, -0.2), keep_size=False, pad_mode=4"),
    "CropNonEmptyMaskIfExists": ("256, 256",),
    "Defocus": ("(5, 5), (0.3, 0.3)",),
    "Downscale": ("scale_min=0.25, scale_max=0.25, interpolation=0", "scale_min=0.5, scale_max=0.5, interpolation=1"),
    "Emboss": ("(0.4, 0.4), (0.5, 0.5)",),
    "Equalize": ("", "mode='pil'", "by_channels=False"),
    "FDA": (f"{_REFERENCES}, beta_limit=(0.05, 0.05)",),
    "GaussianBlur": ("(5, 5), (1.5, 1.5)", "(7, 7), 0"),
    "GridDistortion": ("distort_limit=(0.2, 0.2)", "num_steps=3, distort_limit=(-0.2, -0.2), normalized=True"),
    "GridDropout": ("", "0.3, holes_number_x=4, holes_number_y=5, shift_x=3"),
    "HistogramMatching": (f"{_REFERENCES}, blend_ratio=(1.0, 1.0)", f"{_REFERENCES}, blend_ratio=(0.5, 0.5)"),
    "HorizontalFlip": ("",),
    "HueSaturationValue": ("(10, 10), (0, 0), (0, 0)", "(0, 0), (20, 20), (0, 0)", "(0, 0), (0, 0), (15, 15)"),
    "ImageCompression": ("30, 30", "80, 80", "50, 50, 1"),
    "InvertImg": ("",),
    "JpegCompression": ("30, 30",),
    "LongestMaxSize": ("100", "400, interpolation=2"),
    "MaskDropout": ("max_objects=2",),
    "MultiplicativeNoise": ("(1.1, 1.1)",),
    "Normalize": ("", "mean=(0, 0, 0), std=(1, 1, 1)"),
    "NoOp": ("",),
    "OpticalDistortion": ("distort_limit=(0.3, 0.3), shift_limit=(0, 0)",),
    "Pad": ("(5, 10, 15, 20)", "10, border_mode=4"),
    "PadIfNeeded": ("300, 320", f"300, 321, {_COPY}, value=(10, 20, 30)", "None, None, 100, 90"),
    "PixelDistributionAdaptation": tuple(
        f"{_REFERENCES}, blend_ratio=(1.0, 1.0), transform_type={kind!r}" for kind in ("minmax", "standard", "pca")
    ),
    "Posterize": ("3", "[[5, 5], [3, 3], [1, 1]]"),
    "RGBShift": ("(10, 10), (-20, -20), (30, 30)",),
    "RandomBrightness": ("(0.2, 0.2)",),
    "RandomBrightnessContrast": ("(0.2, 0.2), (0.1, 0.1)", "(-0.2, -0.2), (0.3, 0.3)", "(0.2, 0.2), 0, False"),
    "RandomContrast": ("(0.2, 0.2)",),
    "RandomCropFromBorders": ("0, 0, 0, 0",),
    "RandomGamma": ("(80, 80)", "(130, 130)"),
    "RandomScale": ("(0.3, 0.3)", "(-0.3, -0.3), interpolation=0"),
    "Resize": ("100, 120", "400, 300, interpolation=2", "90, 91, interpolation=0", "90, 91, interpolation=3"),
    "RingingOvershoot": ("(9, 9), (0.9, 0.9)",),
    "Rotate": ("(30, 30)", f"(90, 90), {_COPY}", "(45, 45), interpolation=2"),
    "SafeRotate": ("(30, 30)",),
    "Sharpen": ("(0.4, 0.4), (0.8, 0.8)",),
    "ShiftScaleRotate": ("(0.05, 0.05), (0.1, 0.1), (20, 20)", f"(-0.1, -0.1), (-0.2, -0.2), (0, 0), {_COPY}"),
    "SmallestMaxSize": ("100", "400, interpolation=2"),
    "Solarize": ("128", "(100, 100)"),
    "TemplateTransform": ("photos[1]", "photos[1], 0.3, 0.6"),
    "TimeReverse": ("",),
    "ToFloat": ("", "max_value=100"),
    "ToGray": ("",),
    "ToSepia": ("",),
    "Transpose": ("",),
    "UnsharpMask": ("(5, 5), (1.5, 1.5), (0.4, 0.4), 10",),
    "VerticalFlip": ("",),
}

# Volumes, batches of another kind, or functions of users: no photo goes through them alone.
NO_PHOTO = {
    *("Lambda", "ToTensorV2", "ToTensor3D", "FromFloat", "HEStain", "ToRGB", "TextImage", "SelectiveChannelTransform"),
    *("CenterCrop3D", "RandomCrop3D", "Pad3D", "PadIfNeeded3D", "CoarseDropout3D", "CubicSymmetry"),
}
