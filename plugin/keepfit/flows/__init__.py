"""One file per verb of the story; flows orchestrate integrations around the pure core."""
