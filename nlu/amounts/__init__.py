"""Sums of money in a message: value, currency and comparator, never a float."""
