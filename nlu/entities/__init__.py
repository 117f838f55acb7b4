"""The kinds of entity beside periods and amounts, one file each."""
