// On every page. Each module minds one thing; a page's own script is added in {% block scripts %}.
import "./csrf.js";
import "./responses.js";
import "./themes.js";
import "./copying.js";
import "./asking.js";
import "./submitting.js";
import "./evidence.js";
