"""The review's figures and the numbers behind them."""
