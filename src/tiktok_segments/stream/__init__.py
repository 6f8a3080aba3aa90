"""Exports beyond memory, batch by batch, with the outcome of reading them whole."""
