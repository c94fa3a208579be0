"""The transforms: parameters, drawing, and a call to a kernel; one file a family of relatives."""
