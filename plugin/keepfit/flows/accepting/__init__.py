"""From a ticket's candidate to the champion by one person's call, and the pages that a person looks at on the way."""
