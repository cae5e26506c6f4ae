"""The gate's rules (`gate.yaml`): where they lie, what they say, and which hold now."""
