"""Pure kernels: arrays in, arrays out. They know nothing of transforms, pipelines or random parameters.

Conventions, stated once for every kernel in this package:

* Images are `(H, W)` or `(H, W, C)` arrays, channels last, RGB order where colour has a meaning. The image is the
  first argument and positional; everything else is passed by keyword. The rank that came in comes out.
* Pixels and keypoints live at integer centres: pixel `(x, y)` covers `[x - 0.5, x + 0.5]`. Box edges live on the grid
  between them: a box around pixel `x` alone is `[x, x + 1]`. `warp.edges(matrix)` turns a matrix between pixel centres
  into the same motion between edges.
* Matrices are 3 x 3 float64 and map input coordinates to output coordinates, `(x, y, 1)` columns.
* Maps (`maps.py`) say for every output pixel where in the input it is read, two float32 arrays `(H, W)`: x and y.
* White is 255 for uint8, 65535 for uint16 (the largest value of any integer dtype), 1.0 for floats. Unless said
  otherwise arguments such as thresholds, shifts and deviations are in the image's own units.
* uint8 and float32 are first-class. Other dtypes go through an exact route or through float32/float64 with correct
  rounding and saturation, and come out in the dtype they came in.
* A kernel never writes to its input, returns a C-contiguous array that does not share memory with the input, and takes
  non-contiguous, negative-stride and read-only inputs.
* Angles are in degrees, counter-clockwise as seen on the screen, unless said otherwise.
"""
