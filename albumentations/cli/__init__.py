"""The `albumentations` command: augment a folder of images, preview a pipeline, and a demo of both."""
