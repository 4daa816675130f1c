"""Statistical process control: what changed beyond chance, by rules that are named on the chart."""
