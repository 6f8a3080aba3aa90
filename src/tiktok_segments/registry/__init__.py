"""The room registry."""
