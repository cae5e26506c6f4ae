"""One tool each; no integration knows another."""
