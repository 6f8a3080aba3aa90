"""From parsed columns to clean accounts, and what became of every row."""
