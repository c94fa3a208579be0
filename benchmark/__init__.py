"""Speed as ratios measured in one run: `python -m benchmark kernels | calls --against FOLDER | calls --peer PYTHON`."""
