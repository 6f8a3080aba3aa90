// What the other scripts of the page share: its data, elements, numbers as people write them.
// The page as it came, before any script drew in it: what a saved copy is made of.
const pristine = document.implementation.createHTMLDocument("").importNode(document.documentElement, true);
const framed = window.self !== window.top;
const data = JSON.parse(document.getElementById("report-data").textContent);
const accounts = data.accounts.segment.map((_, row) =>
  ({ row, ...Object.fromEntries(Object.entries(data.accounts).map(([name, column]) => [name, column[row]])) }));

function byId(id) {
  return document.getElementById(id);
}

// A sentence in the page's language, with values in its places; English stands in the scripts.
function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

function say(text, values = {}) {
  return fill((data.words[text] || [text])[0], values);
}

function sayCount(one, many, number, values = {}) {
  return fill((data.words[one] || [one, many])[number === 1 ? 0 : 1], { number: grouped(number), ...values });
}

// Marks a sentence that is said elsewhere.
function message(text) {
  return text;
}

// Text only ever enters the page through textContent, so that nothing in it can be markup.
function element(name, properties = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (key in node) node[key] = value;
    else node.setAttribute(key, value);
  }
  node.append(...children.filter((child) => child !== null));
  return node;
}

// Numbers as readers of the language write them: its marks stand in a sample of the catalogue.
const SAMPLE = say("1,234.5");
const MARKS = { ",": SAMPLE[1], ".": SAMPLE[5] };
const SUFFIXES = [[1e12, message("{number}T")], [1e9, message("{number}B")], [1e6, message("{number}M")], [1e3, message("{number}K")]];

function local(text) {
  return text.replace(/[.,]/g, (mark) => MARKS[mark]);
}

function grouped(value) {
  return local(Math.round(value).toLocaleString("en"));
}

function significant(value, digits) {
  return local(String(Number(value.toPrecision(digits))));
}

function short(value) {
  const [limit, suffix] = SUFFIXES.find(([l]) => Math.abs(value) >= l * 0.9995) || [1, null];
  if (!suffix) return significant(Math.abs(value) < 10 ? value : Math.round(value), 3);
  return say(suffix, { number: significant(value / limit, 3) });
}

// A number and its sign stay on one line.
function whole(text) {
  return text.replaceAll(" ", "\u00a0");
}

function percent(value) {
  const hundred = value * 100;
  return whole(say("{number} %", { number: hundred >= 999.5 ? grouped(hundred) : significant(hundred, 3) }));
}

// Ratios to what is usual for the size: two digits tell all that they know.
function times(value) {
  if (value === null || value === undefined) return say("unknown");
  return whole(`${value >= 100 ? short(value) : significant(value, 2)} ×`);
}

function inUnit(kind, value) {
  if (value === null || value === undefined) return say("unknown");
  return kind === "rate" ? percent(value) : short(value);
}

function clipped(text, length) {
  return text.length > length ? `${text.slice(0, length - 1)}…` : text;
}

function confidence(value) {
  return local(value.toFixed(2));
}

const SIZE_WORDS = { above: say("above"), usual: say("usual"), below: say("below"), "": "" };
const TIER_WORDS = { above: say("highest quarter of its tier"), usual: say("middle half of its tier"), below: say("lowest quarter of its tier") };
const DECISION_WORDS = { yes: say("yes"), maybe: say("maybe"), no: say("no") };

// <bdi> keeps marks for right-to-left writing inside the name that brings them.
function stays(account) {
  return say("stayed in its segment in {kept} of {fits} repeats on half of {accounts} accounts",
    { kept: Math.round(account.stability * data.n_redraws), fits: data.n_redraws, accounts: grouped(data.redrawn_accounts) });
}

function handle(account) {
  const name = element("bdi", {}, `@${clipped(account.account_id, 60)}`);
  if (!account.address) return name;
  return element("a", { href: account.address, target: "_blank", rel: "noopener noreferrer" }, name);
}

function dot(segment) {
  return element("span", { className: `dot s${segment}` });
}

// A table whose rows are small cards on a phone; a head stands as its cells do.
function stackedTable(label, heads, rows) {
  for (const row of rows) [...row.cells].forEach((cell, place) => { if (place) cell.dataset.label = heads[place]; });
  const classes = rows.length ? [...rows[0].cells].map((cell) => (cell.matches("th, .text") ? "text" : "")) : [];
  const head = element("tr", {}, ...heads.map((text, place) => element("th", { scope: "col", className: classes[place] || "" }, text)));
  return element("div", { className: "scroll", tabIndex: 0, role: "region", "aria-label": label },
    element("table", { className: "grid-table stacked" }, element("thead", {}, head), element("tbody", {}, ...rows)));
}
