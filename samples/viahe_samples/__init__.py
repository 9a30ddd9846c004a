"""Staged street scenes with exact truth, served as cameras; and the demo."""
