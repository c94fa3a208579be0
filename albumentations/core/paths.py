"""Where older releases, 0.4 to 2.0.8, kept the names that programs import: for `core.older` and `augmentations`."""

from collections.abc import Callable
from typing import Any


def lazy(module: str) -> Callable[[str], Any]:
    """A `__getattr__` for a module: what it had in older releases is loaded when somebody asks for it."""

    def get(name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(f"module {module!r} has no attribute {name!r}")
        from . import older

        return older.find(module, name)

    return get


# Modules and packages of older releases that nothing imports by itself.
SUBMODULES = ("augmentations", "imgaug", "random_utils", "torch")

PATHS = {
    # What 1.x had at the top beside classes: all of its modules of `augmentations`.
    "": (
        "MAX_VALUES_BY_DTYPE adapt_pixel_distribution add_fog add_gravel add_rain add_shadow add_snow "
        "add_sun_flare add_weighted adjust_brightness_torchvision adjust_contrast_torchvision "
        "adjust_hue_torchvision adjust_saturation_torchvision angle_2pi_range apply_histogram bbox_affine "
        "bbox_center_crop bbox_crop bbox_flip bbox_from_mask bbox_hflip bbox_piecewise_affine bbox_random_crop "
        "bbox_rot90 bbox_rotate bbox_safe_rotate bbox_shift_scale_rotate bbox_transpose bbox_vflip blur "
        "brightness_contrast_adjust center_crop central_zoom channel_dropout channel_shuffle clahe clamping_crop "
        "clip clipped convolve crop crop_and_pad crop_and_pad_bbox crop_and_pad_keypoint crop_bbox_by_coords "
        "crop_keypoint_by_coords cutout defocus downscale elastic_transform elastic_transform_approx "
        "ensure_contiguous equalize fancy_pca fourier_domain_adaptation from_distance_maps from_float "
        "gamma_transform gauss_noise gaussian_blur get_center_crop_coords get_num_channels "
        "get_opencv_dtype_from_numpy get_random_crop_coords glass_blur gray_to_rgb grid_distortion hflip "
        "hflip_cv2 image_compression invert is_grayscale_image is_multispectral_image is_rgb_image iso_noise "
        "keypoint_affine keypoint_center_crop keypoint_flip keypoint_hflip keypoint_piecewise_affine "
        "keypoint_random_crop keypoint_rot90 keypoint_rotate keypoint_safe_rotate keypoint_scale "
        "keypoint_shift_scale_rotate keypoint_transpose keypoint_vflip linear_transformation_rgb longest_max_size "
        "mask_from_bbox median_blur motion_blur move_tone_curve multiply non_rgb_error non_rgb_warning noop "
        "normalize normalize_cv2 normalize_numpy optical_distortion pad pad_with_params perspective "
        "perspective_bbox perspective_keypoint piecewise_affine pixel_dropout posterize preserve_channel_dim "
        "preserve_shape process_blur_limit py3round random_crop random_flip read_bgr_image read_grayscale "
        "read_rgb_image resize rot90 rotate rotation2DMatrixToEulerAngles safe_rotate "
        "safe_rotate_enlarged_img_size scale shift_hsv shift_rgb shift_scale_rotate smallest_max_size solarize "
        "spatter superpixels swap_tiles_on_image to_distance_maps to_float to_gray to_tuple transpose "
        "unsharp_mask vflip warp_affine zoom_blur "
    ),
    "augmentations.bbox_utils": (
        "BboxProcessor calculate_bbox_area check_bbox check_bboxes convert_bbox_from_albumentations "
        "convert_bbox_to_albumentations convert_bboxes_from_albumentations convert_bboxes_to_albumentations "
        "denormalize_bbox denormalize_bboxes filter_bboxes filter_bboxes_by_visibility normalize_bbox "
        "normalize_bboxes union_of_bboxes"
    ),
    "augmentations.blur": "",
    "augmentations.blur.functional": (
        "blur box_blur central_zoom create_gaussian_kernel create_gaussian_kernel_1d "
        "create_gaussian_kernel_input_array create_motion_kernel defocus gaussian_blur glass_blur median_blur "
        "process_blur_limit sample_odd_from_range zoom_blur"
    ),
    "augmentations.blur.transforms": (
        "AdvancedBlur Blur BlurInitSchema Defocus GaussianBlur GlassBlur MedianBlur MotionBlur ZoomBlur"
    ),
    "augmentations.crops": "",
    "augmentations.crops.functional": (
        "bbox_center_crop bbox_crop bbox_random_crop center_crop clamping_crop crop crop_and_pad crop_and_pad_bbox "
        "crop_and_pad_bboxes crop_and_pad_keypoint crop_and_pad_keypoints crop_bbox_by_coords "
        "crop_bboxes_by_coords crop_keypoint_by_coords crop_keypoints_by_coords get_center_crop_coords "
        "get_crop_coords get_random_crop_coords keypoint_center_crop keypoint_random_crop pad_along_axes "
        "random_crop volume_crop_yx volumes_crop_yx"
    ),
    "augmentations.crops.transforms": (
        "AtLeastOneBBoxRandomCrop BBoxSafeRandomCrop BaseCrop BaseCropAndPad BaseRandomSizedCropInitSchema "
        "CenterCrop Crop CropAndPad CropNonEmptyMaskIfExists CropSizeError RandomCrop RandomCropFromBorders "
        "RandomCropNearBBox RandomResizedCrop RandomSizedBBoxSafeCrop RandomSizedCrop"
    ),
    "augmentations.domain_adaptation": (
        "FDA HistogramMatching PixelDistributionAdaptation adapt_pixel_distribution apply_histogram "
        "fourier_domain_adaptation"
    ),
    "augmentations.domain_adaptation.functional": (
        "BaseScaler DomainAdapter MinMaxScaler StandardScaler TransformerInterface adapt_pixel_distribution "
        "apply_histogram fourier_domain_adaptation low_freq_mutate match_histograms"
    ),
    "augmentations.domain_adaptation.transforms": (
        "FDA HistogramMatching PixelDistributionAdaptation TemplateTransform"
    ),
    "augmentations.dropout": "",
    "augmentations.dropout.channel_dropout": "ChannelDropout",
    "augmentations.dropout.coarse_dropout": "CoarseDropout ConstrainedCoarseDropout Erasing",
    "augmentations.dropout.cutout": "Cutout",
    "augmentations.dropout.functional": (
        "apply_inpainting calculate_grid_dimensions channel_dropout cutout cutout_on_volume cutout_on_volumes "
        "fill_holes_with_random fill_holes_with_value fill_volume_holes_with_random fill_volume_holes_with_value "
        "fill_volumes_holes_with_random fill_volumes_holes_with_value filter_bboxes_by_holes "
        "filter_keypoints_in_holes generate_grid_holes generate_random_fill get_holes_from_boxes "
        "get_holes_from_mask label mask_dropout_bboxes mask_dropout_keypoints resize_boxes_to_visible_area "
        "sample_points_from_components"
    ),
    "augmentations.dropout.grid_dropout": "GridDropout",
    "augmentations.dropout.mask_dropout": "MaskDropout",
    "augmentations.dropout.transforms": "BaseDropout PixelDropout",
    "augmentations.dropout.xy_masking": "XYMasking",
    "augmentations.functional": (
        "MAX_VALUES_BY_DTYPE add_fog add_gravel add_noise add_rain add_shadow add_snow add_snow_bleach "
        "add_snow_texture add_sun_flare add_sun_flare_overlay add_sun_flare_physics_based add_weighted "
        "adjust_brightness_torchvision adjust_contrast_torchvision adjust_hue_torchvision "
        "adjust_saturation_torchvision angle_2pi_range apply_corner_illumination apply_gaussian_illumination "
        "apply_illumination_pattern apply_linear_illumination apply_plasma_brightness_contrast apply_plasma_shadow "
        "apply_salt_and_pepper auto_contrast bbox_center_crop bbox_crop bbox_flip bbox_from_mask bbox_hflip "
        "bbox_random_crop bbox_rot90 bbox_rotate bbox_shift_scale_rotate bbox_transpose bbox_vflip "
        "bboxes_morphology blur brightness_contrast_adjust center_crop channel_dropout channel_shuffle "
        "chromatic_aberration clahe clamping_crop clip clipped convolve crop crop_bbox_by_coords "
        "crop_keypoint_by_coords cutout diamond_step dilate downscale elastic_transform elastic_transform_approx "
        "equalize erode fancy_pca from_float gamma_transform gauss_noise gaussian_blur generate_constant_noise "
        "generate_noise generate_per_pixel_noise generate_plasma_pattern generate_shared_noise "
        "generate_snow_textures get_center_crop_coords get_fog_particle_radiuses get_grid_size get_num_channels "
        "get_random_crop_coords get_safe_brightness_contrast_params glass_blur gray_to_rgb "
        "grayscale_to_multichannel grid_distortion hflip hflip_cv2 image_compression initialize_grid invert "
        "is_grayscale_image is_multispectral_image is_rgb_image iso_noise keypoint_center_crop keypoint_flip "
        "keypoint_hflip keypoint_random_crop keypoint_rot90 keypoint_rotate keypoint_scale "
        "keypoint_shift_scale_rotate keypoint_transpose keypoint_vflip linear_transformation_rgb longest_max_size "
        "mask_from_bbox median_blur morphology motion_blur move_tone_curve multiply non_rgb_warning noop normalize "
        "normalize_cv2 normalize_numpy optical_distortion pad pad_with_params pixel_dropout planckian_jitter "
        "posterize prepare_illumination_input preserve_channel_dim preserve_shape py3round random_crop random_flip "
        "random_offset resize rot90 rotate sample_beta sample_gaussian sample_laplace sample_noise sample_uniform "
        "scale sharpen_gaussian shift_hsv shift_rgb shift_scale_rotate shot_noise slic smallest_max_size solarize "
        "spatter square_step superpixels swap_tiles_on_image to_float to_gray to_gray_average to_gray_desaturation "
        "to_gray_from_lab to_gray_max to_gray_pca to_gray_weighted_average transpose unsharp_mask vflip"
    ),
    "augmentations.geometric": "",
    "augmentations.geometric.distortion": (
        "BaseDistortion ElasticTransform GridDistortion OpticalDistortion PiecewiseAffine ThinPlateSpline"
    ),
    "augmentations.geometric.flip": "D4 HorizontalFlip SquareSymmetry Transpose VerticalFlip",
    "augmentations.geometric.functional": (
        "XYFloat XYFloatDict XYFloatScale XYInt XYIntDict XYIntScale adjust_padding_by_position "
        "almost_equal_intervals apply_affine_to_points bbox_affine bbox_distort_image bbox_flip bbox_hflip "
        "bbox_piecewise_affine bbox_rot90 bbox_rotate bbox_safe_rotate bbox_shift_scale_rotate bbox_transpose "
        "bbox_vflip bboxes_affine bboxes_affine_ellipse bboxes_affine_largest_box bboxes_d4 bboxes_grid_shuffle "
        "bboxes_hflip bboxes_morphology bboxes_piecewise_affine bboxes_rot90 bboxes_transpose bboxes_vflip "
        "calculate_affine_transform_padding center center_bbox compute_affine_warp_output_shape "
        "compute_pairwise_distances compute_perspective_params compute_tps_weights "
        "compute_transformed_image_bounds copy_make_border_with_value_extension "
        "create_affine_transformation_matrix create_piecewise_affine_maps create_shape_groups d4 dilate "
        "distort_image distort_image_keypoints elastic_transform elastic_transform_approx erode expand_transform "
        "extend_value find_keypoint flip_bboxes flip_keypoints from_distance_maps generate_control_points "
        "generate_displacement_fields generate_distorted_grid_polygons generate_grid "
        "generate_inverse_distortion_map generate_perspective_points generate_reflected_bboxes "
        "generate_reflected_keypoints generate_shuffled_splits get_camera_matrix_distortion_maps "
        "get_dimension_padding get_fisheye_distortion_maps get_pad_grid_dimensions get_padding_params "
        "grid_distortion hflip hflip_cv2 is_identity_matrix is_valid_component keypoint_affine keypoint_flip "
        "keypoint_hflip keypoint_piecewise_affine keypoint_rot90 keypoint_rotate keypoint_safe_rotate "
        "keypoint_scale keypoint_shift_scale_rotate keypoint_transpose keypoint_vflip keypoints_affine "
        "keypoints_d4 keypoints_hflip keypoints_rot90 keypoints_scale keypoints_transpose keypoints_vflip "
        "longest_max_size morphology normalize_grid_distortion_steps optical_distortion order_points pad "
        "pad_bboxes pad_images_with_params pad_keypoints pad_with_params perspective perspective_bbox "
        "perspective_bboxes perspective_keypoint perspective_keypoints piecewise_affine py3round random_flip remap "
        "remap_bboxes remap_keypoints remap_keypoints_via_mask resize rot90 rotate rotation2DMatrixToEulerAngles "
        "rotation2d_matrix_to_euler_angles safe_rotate safe_rotate_enlarged_img_size scale shift_bboxes "
        "shift_keypoints shift_scale_rotate shuffle_tiles_within_shape_groups smallest_max_size split_uniform_grid "
        "swap_tiles_on_image swap_tiles_on_keypoints to_distance_maps tps_transform transpose validate_bboxes "
        "validate_if_not_found_coords validate_keypoints vflip volume_hflip volume_rot90 volume_vflip "
        "volumes_hflip volumes_rot90 volumes_vflip warp_affine warp_affine_with_value_extension"
    ),
    "augmentations.geometric.pad": "Pad PadIfNeeded",
    "augmentations.geometric.resize": "LongestMaxSize MaxSizeTransform RandomScale Resize SmallestMaxSize",
    "augmentations.geometric.rotate": "RandomRotate90 Rotate RotateInitSchema SafeRotate",
    "augmentations.geometric.transforms": (
        "Affine BaseDistortion D4 ElasticTransform Flip GridDistortion GridElasticDeform HorizontalFlip "
        "Morphological OpticalDistortion Pad PadIfNeeded Perspective PiecewiseAffine RandomGridShuffle "
        "ShiftScaleRotate ThinPlateSpline Transpose VerticalFlip"
    ),
    "augmentations.keypoints_utils": (
        "KeypointsProcessor angle_to_2pi_range check_keypoint check_keypoints convert_keypoint_from_albumentations "
        "convert_keypoint_to_albumentations convert_keypoints_from_albumentations "
        "convert_keypoints_to_albumentations filter_keypoints keypoint_has_extra_data"
    ),
    "augmentations.mixing": "",
    "augmentations.mixing.domain_adaptation": (
        "BaseDomainAdaptation BaseDomainAdaptationInitSchema FDA HistogramMatching PixelDistributionAdaptation"
    ),
    "augmentations.mixing.domain_adaptation_functional": (
        "BaseScaler DomainAdapter MinMaxScaler StandardScaler TransformerInterface adapt_pixel_distribution "
        "apply_histogram fourier_domain_adaptation low_freq_mutate match_histograms"
    ),
    "augmentations.mixing.functional": (
        "ProcessedMosaicItem assemble_mosaic_from_processed_cells assign_items_to_grid_cells "
        "calculate_cell_placements calculate_mosaic_center_point copy_and_paste_blend filter_valid_metadata "
        "get_cell_relative_position get_opposite_crop_coords preprocess_selected_mosaic_items "
        "process_all_mosaic_geometries process_cell_geometry shift_all_coordinates shift_cell_coordinates"
    ),
    "augmentations.mixing.transforms": "Mosaic OverlayElements",
    "augmentations.other": "",
    "augmentations.other.lambda_transform": "Lambda",
    "augmentations.other.type_transform": "FromFloat ToFloat",
    "augmentations.pixel": "",
    "augmentations.pixel.functional": (
        "MacenkoNormalizer SimpleNMF StainNormalizer VahadaneNormalizer add_fog add_gravel add_noise add_rain "
        "add_shadow add_snow_bleach add_snow_texture add_sun_flare_overlay add_sun_flare_physics_based "
        "adjust_brightness_torchvision adjust_contrast_torchvision adjust_hue_torchvision "
        "adjust_saturation_torchvision apply_corner_illumination apply_gaussian_illumination "
        "apply_he_stain_augmentation apply_linear_illumination apply_plasma_brightness_contrast "
        "apply_plasma_shadow apply_salt_and_pepper auto_contrast channel_shuffle chromatic_aberration clahe "
        "convolve create_contrast_lut create_directional_gradient downscale equalize fancy_pca gamma_transform "
        "generate_constant_noise generate_noise generate_per_pixel_noise generate_plasma_pattern "
        "generate_random_values generate_shared_noise generate_snow_textures get_drop_mask "
        "get_fog_particle_radiuses get_histogram_bounds get_mask_array get_mud_params get_normalizer "
        "get_rain_params get_safe_brightness_contrast_params get_tissue_mask grayscale_to_multichannel "
        "image_compression invert iso_noise linear_transformation_rgb move_tone_curve noop normalize_vectors "
        "order_stains_combined pixel_dropout planckian_jitter posterize prepare_drop_values rgb_to_optical_density "
        "sample_beta sample_gaussian sample_laplace sample_noise sample_uniform separable_convolve "
        "sharpen_gaussian shift_hsv shot_noise slic solarize spatter_mud spatter_rain superpixels to_gray "
        "to_gray_average to_gray_desaturation to_gray_from_lab to_gray_max to_gray_pca to_gray_weighted_average "
        "unsharp_mask volume_channel_shuffle volumes_channel_shuffle"
    ),
    "augmentations.pixel.transforms": (
        "AdditiveNoise AutoContrast BetaParams CLAHE ChannelShuffle ChromaticAberration ColorJitter Downscale "
        "Emboss Equalize FancyPCA GaussNoise GaussianParams HEStain HueSaturationValue ISONoise Illumination "
        "ImageCompression InterpolationPydantic InvertImg LaplaceParams MultiplicativeNoise NoiseParamsBase "
        "Normalize PlanckianJitter PlasmaBrightnessContrast PlasmaShadow Posterize RGBShift "
        "RandomBrightnessContrast RandomFog RandomGamma RandomGravel RandomRain RandomShadow RandomSnow "
        "RandomSunFlare RandomToneCurve RingingOvershoot SaltAndPepper Sharpen ShotNoise Solarize Spatter "
        "Superpixels ToGray ToRGB ToSepia UniformParams UnsharpMask"
    ),
    "augmentations.spectrogram": "",
    "augmentations.spectrogram.transform": "FrequencyMasking TimeMasking TimeReverse",
    "augmentations.text": "",
    "augmentations.text.functional": (
        "convert_image_to_pil delete_random_words draw_text_on_multi_channel_image draw_text_on_pil_image "
        "inpaint_text_background insert_random_stopwords render_text swap_random_words"
    ),
    "augmentations.text.transforms": "TextImage",
    "augmentations.transforms": (
        "AdditiveNoise AutoContrast BetaParams Blur CLAHE CenterCrop ChannelDropout ChannelShuffle "
        "ChromaticAberration CoarseDropout ColorJitter Crop CropNonEmptyMaskIfExists Cutout Downscale "
        "ElasticTransform Emboss Equalize FancyPCA Flip FromFloat GaussNoise GaussianBlur GaussianParams GlassBlur "
        "GridDistortion GridDropout HorizontalFlip HueSaturationValue ISONoise Illumination ImageCompression "
        "InterpolationDict InterpolationPydantic InvertImg JpegCompression Lambda LaplaceParams LongestMaxSize "
        "MaskDropout MedianBlur Morphological MotionBlur MultiplicativeNoise NoiseParamsBase Normalize "
        "OpticalDistortion PadIfNeeded PixelDropout PlanckianJitter PlasmaBrightnessContrast PlasmaShadow "
        "Posterize RGBShift RandomBrightness RandomBrightnessContrast RandomContrast RandomCrop RandomCropNearBBox "
        "RandomFog RandomGamma RandomGravel RandomGridShuffle RandomRain RandomResizedCrop RandomRotate90 "
        "RandomScale RandomShadow RandomSizedBBoxSafeCrop RandomSizedCrop RandomSnow RandomSunFlare "
        "RandomToneCurve Resize RingingOvershoot Rotate SaltAndPepper Sharpen ShiftScaleRotate ShotNoise "
        "SmallestMaxSize Solarize Spatter Superpixels TemplateTransform ToFloat ToGray ToRGB ToSepia Transpose "
        "UniformParams UnsharpMask VerticalFlip"
    ),
    "augmentations.transforms3d": "",
    "augmentations.transforms3d.functional": (
        "adjust_padding_by_position3d crop3d cutout3d filter_keypoints_in_holes3d keypoints_rot90 "
        "pad_3d_with_params transform_cube transform_cube_keypoints"
    ),
    "augmentations.transforms3d.transforms": (
        "BaseCropAndPad3D BasePad3D CenterCrop3D CoarseDropout3D CubicSymmetry Pad3D PadIfNeeded3D RandomCrop3D"
    ),
    "augmentations.utils": (
        "MAX_VALUES_BY_DTYPE NPDTYPE_TO_OPENCV_DTYPE PCA angle_2pi_range check_range clip clipped "
        "ensure_contiguous get_num_channels get_opencv_dtype_from_numpy handle_empty_array is_grayscale_image "
        "is_multispectral_image is_rgb_image non_rgb_error non_rgb_warning preserve_channel_dim preserve_shape "
        "read_bgr_image read_grayscale read_rgb_image"
    ),
    "core.bbox_utils": (
        "BboxParams BboxProcessor BoxInternalType BoxType bboxes_from_masks bboxes_to_mask calculate_bbox_area "
        "calculate_bbox_areas_in_pixels check_bbox check_bboxes clip_bboxes convert_bbox_from_albumentations "
        "convert_bbox_to_albumentations convert_bboxes_from_albumentations convert_bboxes_to_albumentations "
        "denormalize_bbox denormalize_bboxes filter_bboxes filter_bboxes_by_visibility mask_to_bboxes "
        "masks_from_bboxes normalize_bbox normalize_bboxes union_of_bboxes"
    ),
    "core.composition": (
        "BaseCompose BboxParams Compose KeypointParams OneOf OneOrOther PerChannel REPR_INDENT_STEP RandomOrder "
        "ReplayCompose SelectiveChannelTransform Sequential SomeOf TransformType Transforms TransformsSeqType "
        "get_always_apply set_always_apply"
    ),
    "core.keypoints_utils": (
        "KeypointParams KeypointsProcessor angle_to_2pi_range check_keypoint check_keypoints "
        "convert_keypoint_from_albumentations convert_keypoint_to_albumentations "
        "convert_keypoints_from_albumentations convert_keypoints_to_albumentations filter_keypoints "
        "keypoint_formats"
    ),
    "core.label_manager": "LabelEncoder LabelManager LabelMetadata custom_sort",
    "core.serialization": (
        "Serializable SerializableMeta check_data_format from_dict get_shortest_class_fullname instantiate_lambda "
        "instantiate_nonserializable load register_additional_transforms save serialize_enum shorten_class_name "
        "to_dict"
    ),
    "core.six": "add_metaclass",
    "core.transforms_interface": (
        "BaseTransformInitSchema BasicTransform BoxInternalType BoxType CombinedMeta DualTransform FillValueType "
        "ImageColorType ImageOnlyTransform Interpolation KeypointInternalType KeypointType NoOp NumType "
        "ScaleFloatType ScaleIntType Transform3D to_tuple"
    ),
    "core.type_definitions": "ALL_TARGETS ColorType NumType ReferenceImage ScaleFloatType ScaleIntType Targets",
    "core.types": (
        "ALL_TARGETS BoxInternalType BoxType ColorType FillValueType ImageColorType KeypointInternalType "
        "KeypointType NumType ReferenceImage ScaleFloatType ScaleIntType Targets"
    ),
    "core.utils": (
        "DataProcessor LabelEncoder Params apply_bias custom_sort ensure_contiguous_output ensure_int_output "
        "format_args get_image_shape get_shape get_volume_shape process_scalar process_sequence to_tuple "
        "validate_args"
    ),
    "core.validation": "ValidatedTransformMeta",
}

# Names without a counterpart here, by what to do instead.
ABSENT = {
    "it is a step inside of Mosaic: use the transform Mosaic": (
        "ProcessedMosaicItem assemble_mosaic_from_processed_cells assign_items_to_grid_cells calculate_cell_placements "
        "calculate_mosaic_center_point filter_valid_metadata get_cell_relative_position get_opposite_crop_coords "
        "preprocess_selected_mosaic_items process_all_mosaic_geometries process_cell_geometry shift_all_coordinates "
        "shift_cell_coordinates"
    ),
    "it is a step inside of the transforms of weather: use RandomFog, RandomSnow or Spatter": (
        "add_fog add_snow_texture generate_snow_textures get_fog_particle_radiuses get_mud_params get_rain_params"
    ),
    "it is a step inside of the plasma transforms: use these, or generate_plasma_pattern": (
        "diamond_step get_grid_size initialize_grid random_offset square_step"
    ),
    "it is a step inside of Illumination: use the transform, or apply_linear_illumination and its kin": (
        "prepare_illumination_input"
    ),
    "meshes of polygons are not used: maps of pixels are, with remap, remap_bboxes and remap_keypoints": (
        "bbox_distort_image create_piecewise_affine_maps distort_image distort_image_keypoints "
        "generate_displacement_fields generate_distorted_grid_polygons generate_grid generate_inverse_distortion_map "
        "normalize_grid_distortion_steps"
    ),
    "boxes and keypoints are not repeated in mirrored borders": (
        "calculate_affine_transform_padding generate_reflected_bboxes generate_reflected_keypoints "
        "get_pad_grid_dimensions"
    ),
    "it is a step inside of RandomGridShuffle: use the transform": "bboxes_grid_shuffle",
    "it is a step inside of other functions: to_dict writes enums as values, from_distance_maps reads its places": (
        "serialize_enum validate_if_not_found_coords"
    ),
    "it is a step inside of the transforms that make holes: use GridDropout, ConstrainedCoarseDropout": (
        "calculate_grid_dimensions generate_grid_holes get_holes_from_boxes get_holes_from_mask "
        "sample_points_from_components"
    ),
    "it is a step inside of TextImage: use the transform": (
        "draw_text_on_multi_channel_image draw_text_on_pil_image inpaint_text_background render_text"
    ),
    "it is a step inside of HEStain: use the transform, or apply_he_stain_augmentation": (
        "MacenkoNormalizer SimpleNMF StainNormalizer VahadaneNormalizer get_normalizer get_tissue_mask "
        "order_stains_combined rgb_to_optical_density"
    ),
    "it is a step inside of AutoContrast: use the transform, or auto_contrast": "get_histogram_bounds",
    "it is a step inside of SafeRotate: use the transform": "safe_rotate_enlarged_img_size",
    "it is a step inside of PixelDistributionAdaptation: use the transform, or adapt_pixel_distribution": (
        "BaseScaler DomainAdapter MinMaxScaler StandardScaler TransformerInterface"
    ),
    "arguments are declared on the transform itself, and no pydantic is used": (
        "BaseDomainAdaptationInitSchema BaseRandomSizedCropInitSchema BetaParams BlurInitSchema GaussianParams "
        "Interpolation InterpolationDict InterpolationPydantic LaplaceParams NoiseParamsBase RotateInitSchema "
        "UniformParams"
    ),
    "it is a base of others: derive from DualTransform, ImageOnlyTransform or the transform itself": (
        "BaseCrop BaseCropAndPad BaseCropAndPad3D BaseDistortion BaseDomainAdaptation BaseDropout BasePad3D "
        "MaxSizeTransform"
    ),
    "labels of any kind are carried along as they are": "LabelManager LabelMetadata",
    "use SelectiveChannelTransform": "PerChannel",
}
