"""Fluent texts that answer no question of anybody's: for an off-topic anchor."""

NEUTRAL_TEXTS = (
    "A sourdough starter wants little more than flour, water and patience. Stir equal weights of "
    "both in a clean jar, cover it loosely and leave it at room temperature. After a day or two "
    "the first bubbles rise; from then on, discard half of it every morning and feed the rest. "
    "Rye flour gets it going sooner than white flour does. When it doubles in size within four to "
    "six hours of a feeding, it is strong enough to lift a loaf. Kept in the fridge, it can go a "
    "week between feedings, and a grey liquid on top only means that it is hungry.",
    "To quieten a squeaking bicycle, begin with the chain. Wipe it with a dry rag while you turn "
    "the pedals backwards, until the rag stays almost clean. Then let one small drop of oil fall "
    "on every link, wait ten minutes, and wipe off what sits outside: oil is needed between the "
    "rollers, not on the plates. If it still squeaks, hold the frame and rock the saddle; a dry "
    "seat post often creaks like a chain. Last, check the two small wheels of the rear "
    "derailleur, whose bearings run dry first in wet weather.",
)
