"""Writes of the roster, one transaction each."""
