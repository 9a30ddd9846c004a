"""The pure core: records, geometry and rules. Standard library only."""
