// What the open editor holds, as it would be sent.

const NOT_JUDGED = ["points", "gate", "gate_cap", "requires", "guard", "tags", "source", "section", "level_value"];

/** All fields that an author can change. */
export function fieldsOf(editor) {
  const fields = new URLSearchParams(new FormData(editor));
  for (const name of ["csrfmiddlewaretoken", "revision", "over", "to"]) fields.delete(name);
  return fields;
}

/** What of them a judge reads, as one string to compare. */
export function wordingOf(fields) {
  const judged = new URLSearchParams(fields);
  for (const name of NOT_JUDGED) judged.delete(name);
  return judged.toString();
}
