"""`python -m albumentations` is the `albumentations` command."""

import sys

from albumentations.cli.main import main

# Worker processes import this file again under another name.
if __name__ == "__main__":
    sys.exit(main())
