import re

from fontTools.ttLib import TTFont

from rubric_studio.local.fonts import FILES, FONTS_DIR, RANGES, characters, make_fonts

CSS = FONTS_DIR.parent / "css" / "fonts.css"


def faces_in_css():
    for block in re.findall(r"@font-face \{(.*?)\}", CSS.read_text(), re.DOTALL):
        name = re.search(r'url\("\.\./fonts/([^"]+)\.woff2"\)', block).group(1)
        unicode_range = re.search(r"unicode-range:\s*([^;]+);", block).group(1)
        yield name, characters(unicode_range)


def test_the_style_sheet_names_every_file_with_its_characters():
    expected = {f"{face.name}-{part}": characters(RANGES[part]) for face, part in FILES}
    assert dict(faces_in_css()) == expected


def test_the_two_parts_share_no_character():
    assert not characters(RANGES["latin"]) & characters(RANGES["rest"])


def test_the_text_face_has_the_letters_and_signs_of_the_pages():
    make_fonts()
    font = TTFont(FONTS_DIR / "inter-latin.woff2")
    assert set(map(ord, "Aß é…–—“”‘’·×−≤≥≈→✓")) <= set(font.getBestCmap())
    (axis,) = font["fvar"].axes
    assert (axis.axisTag, axis.minValue, axis.maxValue) == ("wght", 400, 700)
    features = {record.FeatureTag for record in font["GSUB"].table.FeatureList.FeatureRecord}
    assert "tnum" in features


def test_what_every_page_loads_is_small():
    make_fonts()
    for file in FONTS_DIR.glob("*-latin.woff2"):
        assert file.stat().st_size < 50_000


def test_fonts_that_are_there_are_not_made_again():
    make_fonts()
    before = {file: file.stat().st_mtime_ns for file in FONTS_DIR.iterdir()}
    assert not make_fonts()
    assert {file: file.stat().st_mtime_ns for file in FONTS_DIR.iterdir()} == before
