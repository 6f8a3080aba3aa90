// Why an account is in its segment: its values against both centres' members, and which decide.
function findAccount(text) {
  const wanted = text.trim().replace(/^https?:\/\/[^/]*tiktok\.com\//, "").replace(/^@/, "").replace(/[?/].*$/, "");
  if (!wanted) return null;
  return accounts.find((account) => account.account_id === wanted)
    || accounts.find((account) => account.account_id.toLowerCase() === wanted.toLowerCase());
}

function valueOf(account, feature) {
  if (feature.kind === "flag") return account.verified ? "yes" : "no";
  return account[feature.name] === undefined ? "–" : inUnit(feature.kind, account[feature.name]);
}

function middleOf(segment, place) {
  const feature = data.features[place];
  const value = data.segments[segment].middle[place];
  return feature.kind === "flag" ? `${percent(value)} verified` : inUnit(feature.kind, value);
}

function explain(account) {
  const [own, next] = [data.segments[account.segment].name, data.segments[account.next].name];
  const order = [...account.weights.keys()].sort((a, b) => Math.abs(account.weights[b]) - Math.abs(account.weights[a]));
  const listed = (sign) => order.filter((place) => account.weights[place] * sign > 0).slice(0, 3)
    .map((place) => `${data.features[place].label} ${valueOf(account, data.features[place])} (${Math.abs(account.weights[place])} % of the decision)`).join(", then ");
  const against = listed(-1);
  const rows = order.map((place) => element("tr", {},
    element("th", { scope: "row" }, data.features[place].label),
    element("td", { className: "number" }, element("strong", {}, valueOf(account, data.features[place]))),
    element("td", { className: "number" }, middleOf(account.segment, place)),
    element("td", { className: "number" }, middleOf(account.next, place)),
    element("td", { className: "text" }, `${account.weights[place] >= 0 ? own : next} (${Math.abs(account.weights[place])} %)`)));
  const heads = ["Measure", "This account", `Median of ${own}`, `Median of ${next}`, "Speaks for"];
  byId("why-answer").replaceChildren(
    element("h3", { tabIndex: -1 }, handle(account), " is in ", own, " ", decider(account)),
    element("p", {}, `The next segment is ${next}; the own centre is ${percent(account.confidence)} nearer. `,
      `It ${stays(account)}${account.ambiguous ? ": a border case" : ""}. `,
      `What decides: ${listed(1)}.`, against ? ` What speaks for ${next}: ${against}.` : ""),
    element("p", { hidden: !account.check }, element("span", { className: "check" }, account.check), " is a reason to look, and no proof."),
    stackedTable("Values of the account and of both segments", heads, rows),
    element("h4", {}, "For its size"), standingTable(account), showAlike(account));
  view.open = account;
  keepView();
}

byId("why-form").addEventListener("submit", (event) => {
  event.preventDefault();
  const text = byId("why-account").value;
  const account = findAccount(text);
  if (account) explain(account);
  else {
    byId("why-answer").replaceChildren(element("p", {}, text.trim()
      ? `This page has no account “${clipped(text.trim(), 80)}”. For one that it does not hold: python scripts/explain_account.py account=HANDLE`
      : "Give an account's handle."));
  }
});
