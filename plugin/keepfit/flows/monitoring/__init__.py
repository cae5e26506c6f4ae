"""`keepfit monitor`: closed windows are judged, folded into tickets and decisions, and remembered."""
