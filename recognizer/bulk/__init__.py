"""Whole folders: many inputs in, one row for each picture out. Knows no Django; needs the extra `bulk`."""

import os

# Arrow's own allocator reserves a gigabyte at once, which `limits` would count. Arrow reads this when it is loaded.
os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")
