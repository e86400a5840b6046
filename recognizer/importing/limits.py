"""What an import may cost."""

CONVERT_S = 120  # of processor time, until the network is converted
MEASURE_S = 3_600  # of processor time, to measure it
MEMORY_BYTES = 3 << 30  # beyond the packages that it needs
FILE_BYTES = 1 << 30  # of each file that it writes
