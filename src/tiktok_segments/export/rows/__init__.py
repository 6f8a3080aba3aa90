"""What the rows of an export are: accounts or videos, and which of them are neither of ours.

In go cells and numbers by canonical column; out comes what a row is, and which rows are of another
platform, sum up the others, or are no rows of the table.
"""
