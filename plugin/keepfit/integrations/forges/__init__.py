"""Where pull requests are: GitHub and GitLab, by their REST interfaces, as far as one comment that is kept up to date needs them."""
