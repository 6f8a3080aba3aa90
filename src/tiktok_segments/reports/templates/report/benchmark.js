// What is usual for the size: quartiles by tier, and where one account stands among its like.
const usual = data.benchmark;
const measureOf = (name) => data.measures.find((measure) => measure.name === name);

function usualRows(chosen) {
  return usual.tier.map((_, row) => Object.fromEntries(Object.entries(usual).map(([name, column]) => [name, column[row]]))).filter(chosen);
}

function showUsual() {
  const [group, value] = JSON.parse(byId("benchmark-group").value);
  const { name, kind } = measureOf(byId("benchmark-measure").value);
  const rows = usualRows((row) => row.group === group && row.value === value && row.measure === name);
  byId("benchmark-table").tBodies[0].replaceChildren(...rows.map((row) => element("tr", {},
    element("th", { scope: "row" }, row.tier),
    ...[grouped(row.accounts), inUnit(kind, row.low), inUnit(kind, row.median), inUnit(kind, row.high)]
      .map((text) => element("td", { className: "number" }, text)))));
}

function exportUsual() {
  const heads = Object.keys(usual);
  const lines = usualRows(() => true).map((row) => heads.map((head) => cell(row[head])).join(","));
  offer(`${[heads.join(","), ...lines].join("\r\n")}\r\n`, "benchmark.csv", byId("benchmark-export"));
}

// One measure of an account among its tier: the word, the middle half, and its place.
function standingIn(account, { name, kind }) {
  const [own] = usualRows((row) => row.group === "all" && row.tier === data.tiers[account.tier] && row.measure === name);
  const value = account[name];
  if (value === null || !own) return { value: say("unknown"), middle: "", word: "", tier: null, segment: null };
  const word = own.accounts < data.least_compared ? say("too few to say") : SIZE_WORDS[value < own.low ? "below" : value > own.high ? "above" : "usual"];
  return { value: inUnit(kind, value), middle: `${inUnit(kind, own.low)} – ${inUnit(kind, own.high)}`, word,
    tier: data.standing.tier[name][account.row], segment: data.standing.segment[name][account.row] };
}

function standingTable(account) {
  const heads = [say("Measure"), say("This account"), say("Middle half of {tier}", { tier: data.tiers[account.tier] }), say("For its size"), say("Place in tier"), say("Place in segment")];
  return stackedTable(say("The account for its size"), heads, data.measures.map((measure) => {
    const found = standingIn(account, measure);
    const cells = [found.value, found.middle, found.word, ...[found.tier, found.segment].map((place) => (place === null ? "" : say("{place} of 100", { place })))];
    return element("tr", {}, element("th", { scope: "row" }, measure.label), ...cells.map((text) => element("td", { className: "number" }, text)));
  }));
}

const GROUP_WORDS = { all: message("all"), region: message("region {value}"), language: message("language {value}") };
const groupsOf = new Map(usualRows(() => true).map((row) => [JSON.stringify([row.group, row.value]), say(GROUP_WORDS[row.group], { value: row.value })]));
byId("benchmark-group").append(...[...groupsOf].map(([value, text]) => element("option", { value }, text)));
byId("benchmark-measure").append(...data.measures.map(({ name, label }) => element("option", { value: name }, label)));
if (measureOf("engagement_rate")) byId("benchmark-measure").value = "engagement_rate";
byId("benchmark-form").addEventListener("input", showUsual);
byId("benchmark-form").addEventListener("submit", (event) => event.preventDefault());
byId("benchmark-export").addEventListener("click", exportUsual);
showUsual();
