"""What the tests of pages share: posting a whole form, and asking as htmx does."""

HTMX = {"HX-Request": "true"}


def editor_fields(criterion, **changes):
    """Every field that the open editor of a criterion posts."""
    fields = {
        "revision": criterion.revision,
        "text": criterion.text,
        "guidance": criterion.guidance,
        "points": criterion.points,
        "may_not_apply": "on" if criterion.may_not_apply else "",
        "gate": "none" if criterion.gate_cap is None else "caps",
        "gate_cap": "" if criterion.gate_cap is None else criterion.gate_cap,
        "requires": criterion.requires,
        "tags": ", ".join(criterion.tags),
        "source": criterion.source,
        "section": criterion.section.key if criterion.section else "",
        "level_value": [level["value"] for level in criterion.levels or []],
        "level_label": [level["label"] for level in criterion.levels or []],
        "level_description": [level["description"] for level in criterion.levels or []],
        "example_verdict": [example["verdict"] for example in criterion.examples],
        "example_answer": [example["answer"] for example in criterion.examples],
    }
    if criterion.guard:
        fields["guard"] = "on"
    return {**fields, **changes}


def page(response):
    return response.content.decode()
