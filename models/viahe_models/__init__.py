"""Training, evaluation, export and verification of the networks."""
