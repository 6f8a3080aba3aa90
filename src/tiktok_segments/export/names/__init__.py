"""Columns' names: what each may stand for, and the unit that it says.

In go the names as a file has them and the table of known names; out come the columns by what they
may be called. Their values are not looked at.
"""
