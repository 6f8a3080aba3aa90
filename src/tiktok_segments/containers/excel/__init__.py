"""Excel workbooks as records: the sheet of the accounts, and what its cells do not show.

In go the bytes of a workbook; out come the rows of one sheet, with links, merged cells and formulas
made plain.
"""
