"""Rows of delimited text that break its rules: lone quotes, quotes marked by a backslash.

In go the bytes of the text before they are parsed; out come those that the parser reads as they are
meant, or an error that names the line.
"""
