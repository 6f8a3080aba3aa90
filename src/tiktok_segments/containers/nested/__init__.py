"""Records in JSON as tools write it: in envelopes, under keys, in groups, column by column.

In goes a document or a line of one; out come its records, each with what stands around it.
"""
