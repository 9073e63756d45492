"""Regulation documents and the machinery that reads them."""
