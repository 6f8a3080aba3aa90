// The table of accounts: DataTables sorts and pages it, the filters above decide what is in it.
// Cells are nodes, and no column is searchable: DataTables would read texts as HTML otherwise.
function nameCell(account) {
  const words = account.nickname ? element("bdi", { className: "soft small" }, clipped(account.nickname, 60)) : null;
  const verified = account.verified ? element("span", { className: "mark" }, say("verified")) : null;
  return element("div", { className: "name" }, handle(account), " ", verified, words ? element("br") : null, words, element("br"),
    whyButton(account), " ", compareButton(account), account.check ? element("div", {}, element("span", { className: "check" }, account.check)) : null);
}

function segmentCell(account) {
  const border = account.ambiguous ? element("span", { className: "mark", title: say("next: {segment}; {stays}", { segment: data.segments[account.next].name, stays: stays(account) }) }, say("border")) : null;
  return element("div", { className: "segment" }, dot(account.segment), data.segments[account.segment].name, " ", border);
}

function sizeCell(account) {
  return element("span", {}, times(account.engagement_vs_size), account.for_its_size ? element("span", { className: "small soft" }, ` (${TIER_WORDS[account.for_its_size]})`) : null);
}

function whyButton(account) {
  const button = element("button", { type: "button", className: "link", "aria-label": say("Why is {account} in its segment?", { account: account.account_id }) }, say("why?"));
  button.addEventListener("click", () => {
    byId("why-account").value = account.account_id;
    explain(account);
    byId("why").scrollIntoView();
    byId("why-answer").firstElementChild.focus({ preventScroll: true });
  });
  return button;
}

function column(title, sortBy, show, className = "number") {
  return {
    title, className, type: className === "number" ? "num" : "string", searchable: false, data: null,
    orderSequence: className === "number" ? ["desc", "asc"] : ["asc", "desc"],
    createdCell: (node) => node.setAttribute("data-label", title),
    render: (_, type, account) => (type === "display" ? show(account) : sortBy(account)),
  };
}

function numberColumn(title, name, write) {
  return column(title, (account) => account[name], (account) => element("span", {}, account[name] === null ? "" : write(account[name])));
}

const has = (name) => name in data.accounts;
const columns = [
  column(say("Account"), (account) => account.account_id, nameCell, "text"),
  { ...column(say("Decision"), () => "", decider, "text"), orderable: false },
  column(say("Segment"), (account) => data.segments[account.segment].name, segmentCell, "text"),
  column(say("Tier"), (account) => account.tier, (account) => element("span", {}, data.tiers[account.tier], account.region ? element("span", { className: "soft small" }, ` ${account.region}`) : null)),
  { ...numberColumn(say("Followers"), "followers", short), name: "followers" },
  has("engagement_rate") ? numberColumn(say("Engagement"), "engagement_rate", percent) : null,
  has("engagement_vs_size") ? column(say("For its size"), (account) => account.engagement_vs_size, sizeCell) : null,
  has("videos") ? numberColumn(say("Videos"), "videos", short) : null,
  numberColumn(say("Confidence"), "confidence", confidence),
].filter((one) => one !== null);

const searched = new Map(accounts.map((account) => [account,
  [account.account_id, account.nickname, account.biography].filter(Boolean).join("\n").toLowerCase()]));

// Of an address, as of a handle with an @.
const handleOf = (line) => line.replace(/^.*tiktok\.com\//i, "").replace(/[?#/].*$/, "").replace(/^@/, "").toLowerCase();

// A brand is left out where it stands as words of its own in handle, name or biography.
function excluded(text) {
  const lines = text.split("\n").map((line) => line.trim()).filter(Boolean);
  const brands = lines.filter((line) => /^brand:/i.test(line)).map((line) => line.slice(6).trim()).filter(Boolean);
  const names = new Set(lines.filter((line) => !/^brand:/i.test(line)).map(handleOf));
  const escaped = brands.map((brand) => brand.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  const brand = brands.length ? new RegExp(`(?<![\\p{L}\\p{N}_])(?:${escaped.join("|")})(?![\\p{L}\\p{N}_])`, "iu") : null;
  return (account) => names.has(keyOf(account)) || (brand !== null && brand.test(searched.get(account)));
}

// Only what is set is asked of an account.
function wanted() {
  const value = (id) => (byId(id) ? byId(id).value.trim() : "");
  const number = (id) => (value(id) === "" ? null : Number(value(id)));
  const known = (one) => one !== null && one !== undefined;
  const tests = [];
  const ask = (set, test) => { if (set) tests.push(test); };
  for (const name of ["segment", "tier", "verified"]) {
    const one = number(name);
    ask(one !== null, (account) => account[name] === one);
  }
  for (const name of ["region", "language"]) {
    const one = value(name);
    ask(one, (account) => account[name] === one);
  }
  for (const [field, name, unit] of [["followers", "followers", 1], ["engagement", "engagement_rate", 100]]) {
    const [least, most] = ["from", "to"].map((end) => number(`${field}-${end}`)).map((bound) => (bound === null ? null : bound / unit));
    ask(least !== null, (account) => known(account[name]) && account[name] >= least);
    ask(most !== null, (account) => known(account[name]) && account[name] <= most);
  }
  const decision = value("decision");
  ask(decision, (account) => (decisionOn(account).decision || "open") === decision);
  const marks = { clear: (account) => !account.check, check: (account) => account.check, border: (account) => account.ambiguous }[value("marks")];
  ask(marks, (account) => Boolean(marks(account)));
  for (const word of value("search").toLowerCase().replace(/^@/, "").split(/\s+/).filter(Boolean)) {
    tests.push((account) => searched.get(account).includes(word));
  }
  const unwanted = value("exclude") ? excluded(value("exclude")) : null;
  ask(unwanted, (account) => !unwanted(account));
  return (account) => tests.every((test) => test(account));
}

const byReach = columns.findIndex((one) => one.name === "followers");
const table = new DataTable("#accounts-table", {
  data: accounts, columns, order: [[byReach, "desc"]], autoWidth: false, pageLength: 10, lengthMenu: [10, 25, 50],
  layout: { topStart: "info", topEnd: null, bottomStart: "pageLength", bottomEnd: "paging" },
  language: {
    entries: { 1: say("account"), _: say("accounts") }, info: say("_START_ to _END_ of _TOTAL_ _ENTRIES-TOTAL_"), infoFiltered: say("(of _MAX_ in this page)"),
    infoEmpty: say("no account"), zeroRecords: say("No account meets these filters."), lengthMenu: say("_MENU_ rows to a page"), thousands: MARKS[","], decimal: MARKS["."],
    aria: {
      orderable: say(": Activate to sort"), orderableReverse: say(": Activate to invert sorting"), orderableRemove: say(": Activate to remove sorting"),
      paginate: { first: say("First page"), previous: say("Previous page"), next: say("Next page"), last: say("Last page"), number: "" },
    },
  },
});
table.table().container().querySelector(".dt-paging nav").setAttribute("aria-label", say("pagination")); // which DataTables has in English only
const region = element("div", { className: "scroll", tabIndex: 0, role: "region", "aria-label": say("Table of accounts") });
byId("accounts-table").replaceWith(region);
region.append(byId("accounts-table") || table.table().node());

function refresh() {
  const meets = wanted();
  table.search.fixed("filters", (_, account) => meets(account)).draw();
  if (map.whole) showSegment();
  keepView();
}

table.on("draw", showInBoxes); // rows that come into view may have been decided on elsewhere
byId("filters").addEventListener("input", refresh);
byId("filters").addEventListener("submit", (event) => event.preventDefault());
byId("reset").addEventListener("click", () => {
  byId("filters").reset();
  refresh();
});
// From anywhere in the page to the accounts of a segment, a tier, or both.
for (const button of document.querySelectorAll("[data-show]")) {
  button.addEventListener("click", () => {
    byId("filters").reset();
    for (const [id, value] of new URLSearchParams(button.dataset.show)) byId(id).value = value;
    refresh();
    byId("accounts").scrollIntoView();
    byId("filters").elements[0].focus({ preventScroll: true });
  });
}
byId("export").addEventListener("click", () => {
  const rows = table.rows({ search: "applied", order: "applied" }).data().toArray();
  const most = Number(byId("export-n").value);
  exportRows(most >= 1 ? rows.slice(0, most) : rows);
});
