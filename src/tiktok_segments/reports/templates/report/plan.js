// A plan: the best accounts for a goal within limits, and what they bring as far as the data tell.
function planAccounts() {
  const number = (id) => (byId(id).value === "" ? Infinity : Number(byId(id).value));
  const scores = data.scores[byId("plan-goal").value];
  const meets = wanted();
  const said = (account) => decisionOn(account).decision;
  const able = accounts.filter((account) => scores[account.row] !== null && said(account) !== "no"
    && (said(account) === "yes" || (meets(account) && !(byId("plan-marked").checked && account.check))));
  able.sort((a, b) => (said(b) === "yes") - (said(a) === "yes") || scores[b.row] - scores[a.row] || b.followers - a.followers);
  const counts = { segment: new Map(), tier: new Map() };
  const room = (kind, account) => (counts[kind].get(account[kind]) || 0) < number(`plan-${kind}`);
  const chosen = [];
  for (const account of able) {
    if (chosen.length >= number("plan-n")) break;
    if (!room("segment", account) || !room("tier", account)) continue;
    for (const kind of ["segment", "tier"]) counts[kind].set(account[kind], (counts[kind].get(account[kind]) || 0) + 1);
    chosen.push(account);
  }
  return { chosen, counts };
}

// By their own rates so far, and if they did as the middle half of their tier does.
function interactions(chosen) {
  const quartiles = new Map(usualRows((row) => row.group === "all" && row.measure === "engagement_rate").map((row) => [row.tier, row]));
  const sum = (rate) => chosen.reduce((total, account) => total + account.followers * (rate(account) || 0), 0);
  const of = (account) => quartiles.get(data.tiers[account.tier]);
  return { own: sum((account) => account.engagement_rate), low: sum((account) => of(account)?.low), high: sum((account) => of(account)?.high) };
}

function showPlan() {
  const { chosen, counts } = planAccounts();
  if (chosen.length === 0) {
    byId("plan-answer").replaceChildren(element("p", {}, say("No account meets this; widen a limit or the table's filters.")));
    return;
  }
  const mix = (kind, name) => [...counts[kind]].sort((a, b) => b[1] - a[1]).map(([one, count]) => `${count} ${name(one)}`).join(", ");
  const followers = chosen.reduce((total, account) => total + account.followers, 0);
  const lines = [
    sayCount("{number} account: {segments}; by tier {tiers}.", "{number} accounts: {segments}; by tier {tiers}.", chosen.length,
      { segments: mix("segment", (one) => data.segments[one].name), tiers: mix("tier", (one) => data.tiers[one]) }),
    say("{followers} followers in sum; how many people follow several of them is unknown.", { followers: short(followers) }),
  ];
  if (has("engagement_rate")) {
    const { own, low, high } = interactions(chosen);
    lines.push(say("If each posts once: {own} likes and comments at their own rates so far; {low} to {high} if they did as the middle half of their tiers.",
      { own: short(own), low: short(low), high: short(high) }));
  }
  const take = element("button", { type: "button", className: "button" }, say("Export the plan as CSV"));
  const yes = element("button", { type: "button", className: "button plain" }, say("Say yes to all of them"));
  take.addEventListener("click", () => offer(tableText(chosen), "plan.csv", take));
  yes.addEventListener("click", () => chosen.forEach((account) => decide(account, { decision: "yes" })));
  byId("plan-answer").replaceChildren(
    element("ul", {}, ...lines.map((line) => element("li", {}, line))),
    element("p", {}, ...chosen.slice(0, 50).flatMap((account, place) => [place ? ", " : "", handle(account)]), chosen.length > 50 ? " …" : ""),
    element("div", { className: "row" }, take, yes));
}

byId("plan-form").addEventListener("submit", (event) => {
  event.preventDefault();
  showPlan();
});
