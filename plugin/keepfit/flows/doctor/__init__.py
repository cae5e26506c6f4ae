"""`keepfit doctor`: what stands between a champion and somebody who would move it without evidence."""
