"""The transforms that were built on imgaug, IAA*, under the path that they had. Here they need no imgaug."""
