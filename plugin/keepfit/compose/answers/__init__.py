"""What people answered: read from what they hand in, held against what was asked, counted where several of them answered."""
