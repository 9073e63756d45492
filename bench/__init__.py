"""Measures of speed, each beside its floor in the same run; they are run by hand and assert nothing."""
