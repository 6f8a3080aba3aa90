// Accounts like one: the nearest in the space of the model, among those that meet the filters.
const ALIKE = 10;

// What all accounts have alike is nothing that two of them have in common.
const telling = data.features.map((_, place) => accounts.some((account) => account.x[place] !== accounts[0].x[place]));

function nearestAccounts(account) {
  const meets = wanted();
  return accounts.filter((other) => other !== account && decisionOn(other).decision !== "no" && meets(other))
    .map((other) => {
      const apart = other.x.map((value, place) => Math.abs(value - account.x[place]));
      const order = [...apart.keys()].filter((place) => telling[place]).sort((a, b) => apart[a] - apart[b]);
      return { other, distance: Math.hypot(...apart), near: order[0], far: order.at(-1) };
    })
    .sort((a, b) => a.distance - b.distance).slice(0, ALIKE);
}

function alikeTable(account) {
  const rows = nearestAccounts(account).map(({ other, near, far }) => element("tr", {},
    element("th", { scope: "row" }, handle(other), " ", compareButton(other)),
    element("td", { className: "text" }, dot(other.segment), data.segments[other.segment].name),
    ...[near, far].map((place) => element("td", { className: "text" }, `${data.features[place].label} ${valueOf(other, data.features[place])}`)),
    element("td", { className: "text" }, decider(other))));
  return stackedTable(say("Accounts like this one"), [say("Account"), say("Segment"), say("Nearest in"), say("Farthest in"), say("Decision")], rows);
}

function showAlike(account) {
  const button = element("button", { type: "button", className: "button plain" }, say("Ten accounts like this one"));
  const place = element("div");
  button.addEventListener("click", () => place.replaceChildren(
    element("p", { className: "soft small" }, say("The nearest to it by the measures that made the segments, of the accounts in this page that meet the table's filters and have no “no”.")),
    alikeTable(account)));
  return element("div", {}, element("div", { className: "row" }, button, compareButton(account)), place);
}
