// The grading page. It works by links and forms alone; this makes it quick.
import "./grade/cells.js";
import "./grade/keys.js";
import "./filter.js";
import "./grade/folding.js";
import "./grade/one.js";
