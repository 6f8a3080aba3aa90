"""Rows of delimited text that break its rules: in their quotes, or in their number of fields.

In go the bytes of the text before they are parsed, or rows that the parser gives back; out come
those that are read as they are meant, and an error or a rejection that names the line of others.
"""
