"""The room validation."""
