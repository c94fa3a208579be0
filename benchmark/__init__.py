"""Speed as ratios measured in one run: `python -m benchmark kernels`, `python -m benchmark calls --peer PYTHON`."""
