from bench.lint import measure, read_labelled


def test_no_rule_ships_below_four_fifths_precision():
    measured = measure(read_labelled())
    assert {rule: it for rule, it in measured.items() if (it.precision or 0) < 0.8} == {}


def test_there_are_two_hundred_labelled_criteria_and_some_held_back():
    labelled = read_labelled()
    assert len(labelled) >= 200
    assert sum(it.is_held_back for it in labelled) >= 40
