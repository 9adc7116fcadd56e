"""An answer as a page shows it, read back: which text stands under which quote's marks."""

from html.parser import HTMLParser

from django.template.loader import render_to_string

from rubric_studio.grading.answers.readable import Readable


class Marked(HTMLParser):
    """The text under each quote's marks, and whether what was opened was closed in its order."""

    def __init__(self, html):
        super().__init__(convert_charrefs=True)
        self.stack, self.ids, self.text, self.marked = [], [], "", {}
        self.feed(html)
        self.close()
        assert self.stack == []

    def handle_starttag(self, tag, attrs):
        if tag in ("input", "path", "circle", "rect", "line", "use", "ellipse"):
            return
        attrs = dict(attrs)
        if "id" in attrs:
            self.ids.append(attrs["id"])
        self.stack.append((tag, (attrs.get("data-quotes") or "").split()))

    def handle_startendtag(self, tag, attrs):
        pass

    def handle_endtag(self, tag):
        if tag in ("path", "circle", "rect", "line", "use", "ellipse"):
            return
        opened, _ = self.stack.pop()
        assert opened == tag

    def handle_data(self, data):
        self.text += data
        for _, quotes in self.stack:
            for quote in quotes:
                self.marked[quote] = self.marked.get(quote, "") + data


def shown(content, spans):
    readable = Readable(content, spans)
    html = render_to_string(
        "grading/_readable.html", {"readable": readable, "is_cut": False, "is_result": False}
    )
    return Marked(html)
