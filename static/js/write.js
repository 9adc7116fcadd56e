// The writing page of an author: edit in place, save, order, add, filter, keys.
import "./filter.js";
import "./write/rows.js";
import "./write/tags.js";
import "./write/editor.js";
import "./write/check.js";
import "./write/adding.js";
import "./write/ordering.js";
import "./write/dragging.js";
import "./write/marked.js";
import "./write/lint.js";
import "./write/tryout.js";
import "./write/scores.js";
import "./write/keys.js";
import "./write/ready.js";
