"""What a reviewer of a pull request is shown."""
