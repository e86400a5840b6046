"""The limits of an import."""

CONVERT_S = 120  # of processor time, to convert the network and calibrate it
MEASURE_S = 3_600  # of processor time, to measure the model
MEMORY_BYTES = 3 << 30  # on top of the packages that it loads
FILE_BYTES = 1 << 30  # of each file that the import writes
