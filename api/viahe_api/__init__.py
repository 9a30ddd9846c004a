"""The review API and its pages."""
