import pytest

from rubric_studio.steering.figures.alike import ask_alike


@pytest.mark.parametrize(
    "first, second",
    [
        ("Tells the reader to call the emergency number.", "Advises calling the emergency number."),
        ("Says not to use the nitroglycerin spray.", "Warns against using the nitroglycerin spray"),
        ("Explains the risks of bleeding.", "Explains the bleeding risk."),
        ("Nennt die Notrufnummer der Klinik.", "Die Notrufnummer der Klinik wird genannt."),
    ],
)
def test_other_words_for_the_same_are_alike(first, second):
    assert ask_alike(first, second)
    assert ask_alike(second, first)


@pytest.mark.parametrize(
    "first, second",
    [
        ("Says thing 1", "Says thing 2"),
        ("Gives a dose of 300 mg aspirin.", "Gives a dose of 160 mg aspirin."),
        ("Explains the risks.", "Names the danger of the combination."),
        ("Mentions it.", "States that."),
        ("", ""),
        ("Calls an ambulance.", "Advises rest while waiting for an ambulance."),
    ],
)
def test_different_demands_are_not(first, second):
    assert not ask_alike(first, second)
