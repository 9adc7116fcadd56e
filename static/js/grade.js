// The grading page. It works by links and forms alone; this makes it quick.
import "./grade/cells.js";
import "./grade/keys.js";
import "./grade/filter.js";
import "./grade/one.js";
