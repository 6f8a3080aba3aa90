"""From the bytes of one export to parsed columns: one idea per module."""
