"""The files that make a scheduler look at a project regularly: cron, GitHub, GitLab, Airflow."""
