"""The forms (biểu) of a report: one module for each, all the same kind of table."""
