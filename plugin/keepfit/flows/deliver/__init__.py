"""The way from an event in the outbox to whoever subscribed to it: matched, composed, delivered at least once and in order."""
