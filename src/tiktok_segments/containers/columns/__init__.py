"""Columns of what is no text: nested records, cells of mixed types, and types few files have.

In go records or columns as a reader found them; out come columns of plain types.
"""
