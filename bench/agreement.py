"""Agreement over 30,000 pairs of labels with a cluster bootstrap, beside scikit-learn on the same
table, and beside autorubric's metrics where that is installed (`uv run --with autorubric`)."""

import argparse
import importlib.util
import time

import numpy as np
from sklearn import metrics

from bench.table import table
from rubric_studio.engine.measuring.agreement import confusion
from rubric_studio.engine.measuring.pooling import pool
from rubric_studio.engine.measuring.raters import fleiss_kappa, krippendorff_nominal

MOST_SECONDS = 5
THEIR_DRAWS = 20


def make_pairs(questions, answers, criteria, seed=1):
    """Verdicts of a judge that is right 85 times in 100, and an expert's."""
    generator = np.random.default_rng(seed)
    many = questions * answers * criteria
    expert = generator.random(many) < 0.6
    judge = np.where(generator.random(many) < 0.85, expert, ~expert)
    asked = np.repeat(np.arange(questions), answers * criteria)
    given = np.repeat(np.arange(questions * answers), criteria)
    return judge.tolist(), expert.tolist(), asked.tolist(), given.tolist()


def timed(function, *given, **options):
    started = time.process_time()
    found = function(*given, **options)
    return found, time.process_time() - started


def of_scikit_learn(judge, expert):
    return (
        metrics.accuracy_score(expert, judge),
        metrics.cohen_kappa_score(judge, expert),
        metrics.f1_score(expert, judge, average="macro"),
        metrics.matthews_corrcoef(expert, judge),
    )


def ours(judge, expert):
    counts = confusion(zip(judge, expert, strict=True))
    return counts.raw.share, counts.kappa, counts.macro_f1, counts.phi


def drawn_by_scikit_learn(judge, expert, answers, draws):
    """Kappa of resampled answers, as one would write it with scikit-learn."""
    judge, expert, answers = np.array(judge), np.array(expert), np.array(answers)
    generator, rows = np.random.default_rng(0), np.split(np.arange(len(answers)), answers.max() + 1)
    for _ in range(draws):
        picked = np.concatenate([rows[it] for it in generator.integers(len(rows), size=len(rows))])
        metrics.cohen_kappa_score(judge[picked], expert[picked])


def beside_autorubric(figures, judge, expert):
    from autorubric.metrics import _compute as theirs

    units = [[int(a), int(b)] for a, b in zip(judge, expert, strict=True)]
    rows = [[2 - sum(unit), sum(unit)] for unit in units]
    for name, mine, other in (
        ("Krippendorff's alpha", krippendorff_nominal, lambda: theirs_alpha(theirs, units)),
        ("Fleiss' kappa", fleiss_kappa, lambda: theirs._compute_fleiss_kappa(rows)),
    ):
        found, seconds = timed(mine, units)
        their_figure, their_seconds = timed(other)
        figures.add(f"{name}: furthest from autorubric", abs(found - their_figure), most=1e-9)
        figures.add(f"{name}: ours", seconds, "s")
        figures.add(f"{name}: autorubric", their_seconds, "s")


def theirs_alpha(theirs, units):
    return theirs._compute_krippendorff_alpha(np.array(units, float).T.tolist(), "nominal")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--questions", type=int, default=300)
    parser.add_argument("--answers", type=int, default=10)
    parser.add_argument("--criteria", type=int, default=10)
    options = parser.parse_args()
    pairs = make_pairs(options.questions, options.answers, options.criteria)
    judge, expert, _, answers = pairs
    with table() as figures:
        _, seconds = timed(pool, *pairs)
        figures.add(
            f"{len(judge)} pairs, 2,000 draws, five figures", seconds, "s", most=MOST_SECONDS
        )
        mine, my_seconds = timed(ours, judge, expert)
        theirs, their_seconds = timed(of_scikit_learn, judge, expert)
        apart = max(abs(a - b) for a, b in zip(mine, theirs, strict=True))
        figures.add("furthest from scikit-learn, four figures", apart, most=1e-9)
        figures.add("four figures once: ours", 1000 * my_seconds, "ms")
        figures.add("four figures once: scikit-learn", 1000 * their_seconds, "ms")
        _, spent = timed(drawn_by_scikit_learn, judge, expert, answers, THEIR_DRAWS)
        figures.add("one draw, five figures: ours", 1000 * seconds / 2000, "ms")
        figures.add("one draw, kappa alone: scikit-learn", 1000 * spent / THEIR_DRAWS, "ms")
        if importlib.util.find_spec("autorubric"):
            beside_autorubric(figures, judge, expert)


if __name__ == "__main__":
    main()
