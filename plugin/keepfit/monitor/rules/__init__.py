"""Rules over evidence: what calls a change drift, by name, and what they remember between windows."""
