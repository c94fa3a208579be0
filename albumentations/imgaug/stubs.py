"""IAA*, under the path that 1.x had where imgaug was not installed."""

from ..core.serialization import REGISTRY, is_library

globals().update({c.__name__: c for c in list(REGISTRY.values()) if is_library(c) and c.__name__.startswith("IAA")})
