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

function short(value) {
  const [limit, suffix] = [[1e12, "T"], [1e9, "B"], [1e6, "M"], [1e3, "K"]].find(([l]) => Math.abs(value) >= l * 0.9995) || [1, ""];
  return `${Number((value / limit).toPrecision(3))}${suffix}`;
}

function percent(value) {
  const hundred = value * 100;
  return hundred >= 999.5 ? `${Math.round(hundred).toLocaleString("en")} %` : `${Number(hundred.toPrecision(3))} %`;
}

// Ratios to what is usual for the size: two digits tell all that they know.
function times(value) {
  if (value === null || value === undefined) return "unknown";
  return `${value >= 100 ? short(value) : Number(value.toPrecision(2))} ×`;
}

function inUnit(kind, value) {
  if (value === null || value === undefined) return "unknown";
  return kind === "rate" ? percent(value) : short(value);
}

function clipped(text, length) {
  return text.length > length ? `${text.slice(0, length - 1)}…` : text;
}

// <bdi> keeps marks for right-to-left writing inside the name that brings them.
function stays(account) {
  return `stayed in its segment in ${Math.round(account.stability * data.n_redraws)} of ${data.n_redraws} fits on half of ${data.redrawn_accounts.toLocaleString("en")} accounts`;
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
