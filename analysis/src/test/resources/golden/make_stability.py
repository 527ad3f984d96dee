"""Writes stability.csv: the overlapping Allan deviation by its definition, in NumPy.

For averages of m values, the mean square of half the difference between each average and the one m
values later. Nothing is shared with the program: no cumulative sums, no recursion.
"""
import numpy as np

random = np.random.default_rng(2026)
n = 300
white = 0.8 * random.standard_normal(n)
walk = np.cumsum(0.05 * random.standard_normal(n))
values = np.round(0.1 + white + walk, 9)

print("values," + ",".join(f"{v:.9f}" for v in values))
print(f"mean,{values.mean():.15g},{values.std(ddof=1):.15g}")
m = 1
while m <= n // 2:
    averages = np.array([values[i : i + m].mean() for i in range(n - m + 1)])
    differences = averages[m:] - averages[:-m]
    print(f"{m},{np.sqrt(0.5 * np.mean(differences**2)):.15g}")
    m *= 2
