"""The detector: cameras in, suspicions with evidence out."""
