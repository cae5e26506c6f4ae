"""What a candidate is worth: what each row's answers cost, what that gains over the champion, and whether the gain pays for the candidate."""
