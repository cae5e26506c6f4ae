"""`keepfit demo`: the whole loop on the flights of 2013, by public commands."""
