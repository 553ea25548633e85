"""Phone systems."""
