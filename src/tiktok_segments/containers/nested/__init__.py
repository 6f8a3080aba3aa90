"""Records in JSON as tools write it: in envelopes, under keys, in groups, column by column.

In goes a document or a line of one; out come its records, each with what stands around it.

A whole document is searched, with all that lies in it (``documents``, and ``groups`` of accounts
beside each other). Of many entries, such as lines, the first ones tell where in each of them the
records lie (``unfolding``). Both ask what keys mean (``keys``), what names of columns tell
(``evidence``) and what is around records (``context``).
"""
