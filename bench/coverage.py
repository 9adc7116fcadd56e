"""How often intervals of 95 % contain what they are to contain: `python -m bench.coverage`.

Wilson's by adding up the binomial distribution; the bootstrap's by drawing data whose truth is
known. Below 95 an interval looks surer than it is.
"""

import argparse
from math import comb

import numpy as np

from bench.table import table
from rubric_studio.engine.measuring.intervals import wilson
from rubric_studio.engine.measuring.order import bootstrap_interval
from rubric_studio.engine.measuring.pooling import pool
from rubric_studio.engine.measuring.steering_edits import mean_interval


def of_wilson(n, shares):
    """The mean and the worst coverage over these true shares."""
    inside = [wilson(hits, n) for hits in range(n + 1)]
    covered = [
        sum(
            comb(n, hits) * share**hits * (1 - share) ** (n - hits)
            for hits in range(n + 1)
            if share in inside[hits]
        )
        for share in shares
    ]
    return sum(covered) / len(covered), min(covered)


def of_concordance(n, times, generator, noise=0.7):
    """Answers of three tiers with normal scores around their tier; the truth from 200,000 pairs."""
    tiers = np.arange(n) % 3
    many = generator.normal(0, noise, (200_000, 2))
    steps = np.array([1, 1, 2])
    # Of equal tiers two in three pairs are a step apart, one is two.
    truth = (many[:, :1] + steps > many[:, 1:]).mean()
    found = 0
    for _ in range(times):
        scores = tiers + generator.normal(0, noise, n)
        interval = bootstrap_interval(scores.tolist(), tiers.tolist())
        found += interval is not None and truth in interval
    return found / times


def of_mean(n, times, generator):
    draws = generator.normal(0, 1, (times, n))
    found = [mean_interval(it.tolist()) for it in draws]
    return sum(it is not None and 0.0 in it for it in found) / times


def of_kappa(questions, times, generator, answers=6, criteria=10):
    """A judge that is right more often on some questions than on others."""

    def drawn(asked):
        right = generator.beta(17, 3, asked)[:, None, None]
        expert = generator.random((asked, answers, criteria)) < 0.6
        return np.where(generator.random(expert.shape) < right, expert, ~expert), expert

    truth = pool(*(it.ravel().tolist() for it in drawn(3000)), [0] * 180_000, [0] * 180_000)
    found = 0
    asked = np.repeat(np.arange(questions), answers * criteria).tolist()
    given = np.repeat(np.arange(questions * answers), criteria).tolist()
    for _ in range(times):
        judge, expert = drawn(questions)
        interval = pool(judge.ravel().tolist(), expert.ravel().tolist(), asked, given)
        found += truth.counts.kappa in interval.kappa_interval
    return found / times


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--times", type=int, default=1000)
    times = parser.parse_args().times
    with table() as figures:
        for n in (5, 8, 30):
            mean, worst = of_wilson(n, np.linspace(0.02, 0.98, 97).tolist())
            figures.add(f"Wilson, n = {n}: mean", 100 * mean, "%", least=94)
            figures.add(f"Wilson, n = {n}: worst", 100 * worst, "%")
        generator = np.random.default_rng(1)
        for n in (9, 12, 30, 60):
            found = of_concordance(n, times, generator)
            figures.add(f"concordance, bootstrap, {n} answers", 100 * found, "%")
        for n in (3, 5, 10, 30):
            found = of_mean(n, times, generator)
            figures.add(f"mean gain, bootstrap, {n} probes", 100 * found, "%")
        for questions in (1, 5, 10, 30, 100):
            found = of_kappa(questions, times, generator)
            figures.add(f"kappa, cluster bootstrap, {questions} questions", 100 * found, "%")


if __name__ == "__main__":
    main()
