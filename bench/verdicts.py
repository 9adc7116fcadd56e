"""How often the report says that noise steers, and what it finds in rubrics that are sound:
`python -m bench.verdicts`.

Sound: each criterion has a difficulty and each answer an ability, and is met with probability
1 / (1 + exp(-SHARPNESS (ability - difficulty))); abilities lie a tier apart. Without power: each
criterion is met as often in every tier. In both a judge errs for good in some cells, changes its
mind at random in others, and two experts label every cell of up to twelve answers.
"""

import argparse
import os
from collections import Counter
from concurrent.futures import ProcessPoolExecutor

import numpy as np

from bench.table import table

# Answers, tiers.
SIZES = ((6, 3), (8, 3), (12, 4), (30, 3))
CRITERIA = 50
PENALTIES = 0.1
SHARPNESS = 3.0
# In units of ability: the tiers' ends, and how far answers of one tier differ.
ENDS, WITHIN = 1.2, 0.1
REPEATS = 3
WRONG, CHANGING, EXPERT_WRONG = 0.03, 0.02, 0.03
MOST_LABELLED = 12


def made_document(criteria, generator):
    from rubric_studio.engine.document.types import Criterion, Document, Message, Question

    points = generator.integers(1, 11, criteria)
    points[: round(PENALTIES * criteria)] *= -1
    return Document(
        Question("q", (Message("user", "What should I do?"),)),
        criteria=tuple(
            Criterion(f"c{at}", f"Names fact {at} of the matter.", int(it))
            for at, it in enumerate(points)
        ),
    )


def made_truth(document, tiers, steers, generator):
    """Answers by criteria: whether each is met in truth."""
    levels = sorted(set(tiers))
    place = np.array([levels.index(it) for it in tiers]) / (len(levels) - 1)
    ability = (2 * place - 1) * ENDS + generator.normal(0, WITHIN, len(tiers))
    many = len(document.criteria)
    sign = np.array([np.sign(it.points) for it in document.criteria])
    difficulty = generator.uniform(-1, 1, many)
    if not steers:
        ability = np.zeros(len(tiers))
    apart = ability[:, None] - difficulty * sign
    met = 1 / (1 + np.exp(-SHARPNESS * sign * apart))
    return generator.random(met.shape) < met


def turned(truth, share, generator):
    return truth ^ (generator.random(truth.shape) < share)


def made_material(answers, tiers, steers, seed, criteria=CRITERIA):
    from rubric_studio.engine.document.scoring import Scorer
    from rubric_studio.engine.measuring.separation import score_noise
    from rubric_studio.steering.material import GivenLabel, Material
    from rubric_studio.steering.samples import Sample

    generator = np.random.default_rng(seed)
    document = made_document(criteria, generator)
    given = [tiers - at * tiers // answers for at in range(answers)]
    truth = made_truth(document, given, steers, generator)
    judged = turned(truth, WRONG, generator)
    asked = np.stack([turned(judged, CHANGING, generator) for _ in range(REPEATS)])
    means, spread = asked.mean(axis=0), asked.var(axis=0, ddof=1)
    keys = [it.key for it in document.criteria]
    points = [float(it.points) for it in document.criteria]
    scorer, samples, verdicts = Scorer(document), [], {}
    repeats, labels = {}, []
    for at, tier in enumerate(given):
        own = dict(zip(keys, means[at].tolist(), strict=True))
        verdicts[str(at)] = own
        samples.append(
            Sample(
                id=str(at),
                letter=f"A{at}",
                tier=tier,
                score=scorer.score(own).score,
                coverage=1.0,
                origin="expert",
                noise=score_noise(points, spread[at].tolist()),
            )
        )
        cells = asked[:, at].astype(float).T.tolist()
        repeats[str(at)] = dict(zip(keys, map(tuple, cells), strict=True))
    for expert in ("a", "b"):
        said = turned(truth, EXPERT_WRONG, generator)[:MOST_LABELLED]
        labels += [
            GivenLabel(str(at), keys[place], expert, expert, "graded", float(said[at, place]))
            for at, place in np.ndindex(said.shape)
        ]
    return Material(
        document=document,
        samples=tuple(samples),
        verdicts=verdicts,
        judged=verdicts,
        repeats=repeats,
        labels=tuple(labels),
        asked=REPEATS,
    )


def reported(given):
    """Its verdict, the kinds of all findings, those of the first five, and figures that warn.
    What is written in the criteria, and that nobody has sabotaged the rubric, is not measured."""
    from rubric_studio.steering.assessment import measure_report
    from rubric_studio.steering.figures.registry import FIGURES

    entries = [it for it in FIGURES if it.kind.key not in ("lint", "probes")]
    report = measure_report(made_material(*given), entries)
    return (
        report.verdict,
        sorted({it.kind for it in report.findings}),
        sorted({it.kind for it in report.first_findings}),
        [it.key for it in report.warned],
    )


def begin():
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rubric_studio.settings")
    os.environ.setdefault("SECRET_KEY", "not-a-secret")
    django.setup()


def add_rates(figures, name, found, most):
    """A row a verdict, finding and warning figure: the share of rubrics that have it."""
    many = len(found)
    verdicts = Counter(it[0] for it in found)
    for verdict, count in verdicts.most_common():
        figures.add(f"{name}: verdict {verdict}", 100 * count / many, "%", **most(verdict))
    for title, place in (("finding", 1), ("figure warns", 3)):
        kinds = Counter(kind for it in found for kind in it[place])
        for kind, count in sorted(kinds.items()):
            figures.add(f"{name}: {title} {kind}", 100 * count / many, "%")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rubrics", type=int, default=100, help="of each kind and size")
    parser.add_argument("--criteria", type=int, default=CRITERIA)
    parser.add_argument("--processes", type=int, default=2)
    options = parser.parse_args()
    with table() as figures, ProcessPoolExecutor(options.processes, initializer=begin) as pool:
        for answers, tiers in SIZES:
            for steers in (False, True):
                many = range(options.rubrics)
                given = [(answers, tiers, steers, seed, options.criteria) for seed in many]
                found = list(pool.map(reported, given, chunksize=5))
                name = f"{answers} answers in {tiers} tiers, {'sound' if steers else 'noise'}"
                most = {"steers": {} if steers else {"most": 5.0}}
                add_rates(figures, name, found, lambda verdict, most=most: most.get(verdict, {}))


if __name__ == "__main__":
    main()
