// Why an account is in its segment: its values against both centres' members, and which decide.
function findAccount(text) {
  const wanted = text.trim().replace(/^https?:\/\/[^/]*tiktok\.com\//, "").replace(/^@/, "").replace(/[?/].*$/, "");
  if (!wanted) return null;
  return accounts.find((account) => account.account_id === wanted)
    || accounts.find((account) => account.account_id.toLowerCase() === wanted.toLowerCase());
}

function valueOf(account, feature) {
  if (feature.kind === "flag") return account.verified ? say("yes") : say("no");
  return account[feature.name] === undefined ? "–" : inUnit(feature.kind, account[feature.name]);
}

function middleOf(segment, place) {
  const feature = data.features[place];
  const value = data.segments[segment].middle[place];
  return feature.kind === "flag" ? say("{share} verified", { share: percent(value) }) : inUnit(feature.kind, value);
}

function explain(account) {
  const [own, next] = [data.segments[account.segment].name, data.segments[account.next].name];
  const order = [...account.weights.keys()].sort((a, b) => Math.abs(account.weights[b]) - Math.abs(account.weights[a]));
  const listed = (sign) => order.filter((place) => account.weights[place] * sign > 0).slice(0, 3)
    .map((place) => say("{measure} {value} ({share} of the decision)",
      { measure: data.features[place].label, value: valueOf(account, data.features[place]), share: percent(Math.abs(account.weights[place]) / 100) })).join(say(", then "));
  const against = listed(-1);
  const speaksFor = (weight) => weight === 0 ? say("neither") : `${weight > 0 ? own : next} (${percent(Math.abs(weight) / 100)})`;
  const rows = order.map((place) => element("tr", {},
    element("th", { scope: "row" }, data.features[place].label),
    element("td", { className: "number" }, element("strong", {}, valueOf(account, data.features[place]))),
    element("td", { className: "number" }, middleOf(account.segment, place)),
    element("td", { className: "number" }, middleOf(account.next, place)),
    element("td", { className: "text" }, speaksFor(account.weights[place]))));
  const heads = [say("Measure"), say("This account"), say("Median of {segment}", { segment: own }), say("Median of {segment}", { segment: next }), say("Speaks for")];
  byId("why-answer").replaceChildren(
    element("h3", { tabIndex: -1 }, handle(account), " ", say("is in {segment}", { segment: own }), " ", decider(account)),
    element("p", {}, say("The next segment is {segment}; its own centre is {share} nearer.", { segment: next, share: percent(account.confidence) }), " ",
      account.ambiguous ? say("It {stays}: a border case.", { stays: stays(account) }) : say("It {stays}.", { stays: stays(account) }), " ",
      say("What decides: {reasons}.", { reasons: listed(1) }), " ", against ? say("What speaks for {segment}: {reasons}.", { segment: next, reasons: against }) : ""),
    element("p", { hidden: !account.check }, element("span", { className: "check" }, account.check), " ", say("is a reason to look, and no proof.")),
    stackedTable(say("Values of the account and of both segments"), heads, rows),
    element("h4", {}, say("For its size")), standingTable(account), showAlike(account));
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
      ? say("This page has no account “{account}”. For one that it does not hold: python scripts/explain_account.py account=HANDLE", { account: clipped(text.trim(), 80) })
      : say("Give an account's handle.")));
  }
});
