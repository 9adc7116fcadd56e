"""Make the web fonts in `static/fonts/` from the fonts in the wheels.

Each becomes two small files: Latin with the signs that the pages use, which every page loads, and
the rest (Greek, Cyrillic, further Latin), which a browser loads when a page needs it.
`static/css/fonts.css` names the files and the ranges.
"""

import hashlib
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

FONTS_DIR = Path(__file__).resolve().parents[2] / "static" / "fonts"

# As `unicode-range` in static/css/fonts.css; a test holds the two together.
RANGES = {
    "latin": "U+0-FF, U+131, U+152-153, U+2BB-2BC, U+2C6, U+2DA, U+2DC, U+2000-206F, U+20AC, "
    "U+2122, U+2190-2193, U+2196-2199, U+2212, U+2215, U+2248, U+2260, U+2264-2265, U+2713, "
    "U+2717, U+FEFF, U+FFFD",
    "rest": "U+100-130, U+132-151, U+154-17F, U+18F, U+1A0-1A1, U+1AF-1B0, U+1CD-1DC, "
    "U+1E6-1E7, U+1EA-1EB, U+218-21B, U+2C7, U+2C9, U+2D8-2D9, U+2DB, U+2DD, U+300-304, "
    "U+306-30C, U+312, U+31B, U+323, U+327-328, U+370-3FF, U+400-45F, U+490-491, U+1E80-1E85, "
    "U+1E9E, U+1EA0-1EF9, U+2070, U+2074-208E, U+20AB, U+20B4, U+20BD, U+2116, U+2200-2211, "
    "U+2213-2214, U+2216-2247, U+2249-225F, U+2261-2263, U+25A0-25FF",
}
FEATURES = ["kern", "mark", "mkmk", "ccmp", "locl", "calt", "liga", "tnum", "lnum", "case", "frac"]
# The weights in use are 450, 550 and 620.
WEIGHTS = (400, 700)


@dataclass(frozen=True)
class Face:
    """One font file of a wheel and the name of what is made of it."""

    name: str
    package: str
    file: str
    optical_size: float

    @property
    def source(self) -> Path:
        spec = find_spec(self.package)
        if spec is None or spec.origin is None:
            raise SystemExit(f"{self.package} is not installed. Install requirements.txt.")
        return Path(spec.origin).parent / "files" / self.file


# One optical size each, that of the text: the axis would double the size of the files.
FACES = [
    Face("inter", "fontpkg_inter", "Inter[opsz,wght].ttf", 14),
    Face("source-serif", "fontpkg_source_serif_4", "SourceSerif4[opsz,wght].ttf", 16),
]
FILES = [(face, part) for face in reversed(FACES) for part in RANGES]


def characters(unicode_range: str) -> set[int]:
    """Return the code points of a CSS `unicode-range`."""
    found: set[int] = set()
    for part in unicode_range.split(","):
        low, _, high = part.strip().removeprefix("U+").partition("-")
        found.update(range(int(low, 16), int(high or low, 16) + 1))
    return found


def make_file(face: Face, part: str, folder: Path) -> None:
    """Write one part of a face."""
    # Imported here: most starts find the fonts made, and need to know no more.
    from fontTools import subset
    from fontTools.ttLib import TTFont
    from fontTools.varLib import instancer

    font = TTFont(face.source)
    options = subset.Options(
        layout_features=FEATURES, hinting=False, name_IDs=[1, 2, 4, 6], notdef_outline=True
    )
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=characters(RANGES[part]))
    subsetter.subset(font)
    _keep_signs_narrow(font)
    limits = {"opsz": face.optical_size, "wght": WEIGHTS}
    font = instancer.instantiateVariableFont(font, limits, inplace=True)
    font.flavor = "woff2"
    font.save(folder / f"{face.name}-{part}.woff2")


def _keep_signs_narrow(font: Any) -> None:
    """Let tabular figures widen figures alone: a wide hyphen tears a word apart."""
    glyphs = font.getBestCmap()
    signs = {glyphs[ord(sign)] for sign in "-.,:;()/" if ord(sign) in glyphs}
    table = font["GSUB"].table
    for record in table.FeatureList.FeatureRecord:
        if record.FeatureTag == "tnum":
            for index in record.Feature.LookupListIndex:
                for subtable in table.LookupList.Lookup[index].SubTable:
                    substituted = getattr(subtable, "ExtSubTable", subtable).mapping
                    for sign in signs & substituted.keys():
                        del substituted[sign]


def make_fonts(folder: Path = FONTS_DIR) -> bool:
    """Make every file, unless they are there already. Return whether there was work to do."""
    stamp, recipe = folder / ".made-from", _recipe()
    if stamp.is_file() and stamp.read_text() == recipe:
        return False
    folder.mkdir(parents=True, exist_ok=True)
    with ProcessPoolExecutor() as pool:
        # Reading each result raises what went wrong in its process.
        for done in [pool.submit(make_file, face, part, folder) for face, part in FILES]:
            done.result()
    stamp.write_text(recipe)
    return True


def _recipe() -> str:
    """Return a text that differs when the files would."""
    sources = [f"{face.source.name} {face.source.stat().st_size}" for face in FACES]
    program = hashlib.sha256(Path(__file__).read_bytes()).hexdigest()
    return "\n".join([*sources, program])


if __name__ == "__main__":
    make_fonts()
