"""What the API answers over HTTP: devices, evidence files, and the pages."""
