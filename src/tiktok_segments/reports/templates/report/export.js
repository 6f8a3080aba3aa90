// The rows that are left as CSV, with no cell that a spreadsheet would compute or rewrite.
const UNSAFE = /^'*(?:[=+\-@\t\r]|0\d+$|\d{16,}$|\d+(?:\.\d+)?[eE][+-]?\d+$)/;
const QUOTED = /[",\r\n]/;
const COLUMNS = ["account_id", "segment", "confidence", "stability", "ambiguous", "next_segment", "tier", "engagement_vs_size", "for_its_size", "check",
  "followers", "following", "likes", "videos", "engagement_rate", "is_verified", "nickname", "biography", "address", "region", "language"];
const WRITTEN = {
  segment: (account) => data.segments[account.segment].name,
  next_segment: (account) => data.segments[account.next].name,
  tier: (account) => data.tiers[account.tier],
  ambiguous: (account) => (account.ambiguous ? "True" : "False"),
  is_verified: (account) => (account.verified === undefined || account.verified === null ? undefined : account.verified ? "True" : "False"),
};

function cell(value) {
  if (value === null || value === undefined) return "";
  if (typeof value === "number") return String(value);
  const safe = UNSAFE.test(value) ? `'${value}` : value;
  return QUOTED.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

function tableText(rows) {
  const value = (account, name) => (WRITTEN[name] ? WRITTEN[name](account) : account[name]);
  const columns = COLUMNS.filter((name) => rows.some((account) => ![null, undefined].includes(value(account, name))));
  const lines = rows.map((account) => columns.map((name) => cell(value(account, name))).join(","));
  return `${[columns.join(","), ...lines].join("\r\n")}\r\n`;
}

function exportRows(rows) {
  const text = tableText(rows);
  byId("export-note").textContent = sayCount("{number} row", "{number} rows", rows.length);
  offer(text, "accounts_selection.csv", byId("export"));
}

// A sandboxed frame refuses downloads with an error, so there the text itself is offered.
function offer(text, name, button) {
  if (framed) {
    show(text, button);
    return;
  }
  save(`\ufeff${text}`, name, "text/csv");
}

function show(text, button) {
  button.closest(".row").after(byId("export-box"));
  byId("export-box").hidden = false;
  byId("export-text").value = text;
  byId("export-text").focus();
  byId("export-text").select();
}

function save(text, name, type) {
  const link = element("a", { href: URL.createObjectURL(new Blob([text], { type })), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}
