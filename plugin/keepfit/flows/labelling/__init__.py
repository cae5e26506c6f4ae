"""People who label: what they are asked about, and what they answered."""
