"""Rows of delimited text that break its own rules: quotes that stand alone.

In go the bytes of the text before they are parsed; out comes an error that names the line.
"""
