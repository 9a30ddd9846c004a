"""Reports as files: workbook, document, separated values, data."""
