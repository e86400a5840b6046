"""Reads many inputs and writes one row per picture. Knows no Django; needs the extra `bulk`."""

import os

# Arrow's own allocator reserves a gigabyte at once, which `limits` would count. Arrow reads this at import.
os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")
