"""`keepfit backtest`: what update policies would have given over history."""
