"""IAA*: of the registry."""

from ..core.serialization import REGISTRY, is_library
from ..core.transforms_interface import DualTransform, ImageOnlyTransform

DualIAATransform, ImageOnlyIAATransform = DualTransform, ImageOnlyTransform
BasicIAATransform = DualTransform

globals().update({c.__name__: c for c in list(REGISTRY.values()) if is_library(c) and c.__name__.startswith("IAA")})
