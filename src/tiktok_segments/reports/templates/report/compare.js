// The tray: up to ten accounts side by side, with their places in tier and segment.
const MOST_COMPARED = 10;
const tray = [];

function compareButton(account) {
  const button = element("button", { type: "button", className: "link compare", "aria-label": say("Compare {account}", { account: account.account_id }) });
  button.refresh = () => {
    const inside = tray.includes(account);
    button.textContent = inside ? say("compared ✓") : say("compare");
    button.setAttribute("aria-pressed", String(inside));
    button.disabled = !inside && tray.length >= MOST_COMPARED;
  };
  button.addEventListener("click", () => {
    if (tray.includes(account)) tray.splice(tray.indexOf(account), 1);
    else tray.push(account);
    showTray();
  });
  button.refresh();
  return button;
}

// What a row of the tray says of an account: in words for people, and plain for the export.
const COMPARED = [
  ["segment", say("Segment"), (account) => data.segments[account.segment].name],
  ["tier", say("Tier"), (account) => data.tiers[account.tier]],
  ...data.measures.flatMap(({ name, label, kind }) => [
    [name, label, (account) => inUnit(kind, account[name]), (account) => account[name]],
    [`${name}_place_in_tier`, null, (account) => data.standing.tier[name][account.row]],
    [`${name}_place_in_segment`, null, (account) => data.standing.segment[name][account.row]],
  ]),
  ["engagement_vs_size", say("engagement for size"), (account) => times(account.engagement_vs_size) + (account.for_its_size ? ` (${TIER_WORDS[account.for_its_size]})` : ""), (account) => account.engagement_vs_size],
  ["confidence", say("confidence"), (account) => confidence(account.confidence), (account) => account.confidence],
  ["stability", say("stability"), (account) => stays(account), (account) => account.stability],
  ["check", say("check"), (account) => account.check || say("none"), (account) => account.check],
  ["decision", say("decision"), (account) => DECISION_WORDS[decisionOn(account).decision] || "–", (account) => decisionOn(account).decision],
  ["note", say("note"), (account) => clipped(decisionOn(account).note, 200) || "–", (account) => decisionOn(account).note],
].filter(([name]) => name !== "engagement_vs_size" || name in data.accounts);

function places(name, account) {
  if (!(name in data.standing.tier) || data.standing.tier[name][account.row] === null) return null;
  return element("span", { className: "soft small" }, element("br"), say("{tier} of 100 in tier, {segment} in segment",
    { tier: data.standing.tier[name][account.row], segment: data.standing.segment[name][account.row] }));
}

function showTray() {
  for (const button of document.querySelectorAll("button.compare")) button.refresh();
  byId("tray-count").textContent = tray.length
    ? say("{number} of at most {most} accounts. “85 of 100 in tier” means: level with or above 85 of 100 accounts of its tier.", { number: tray.length, most: MOST_COMPARED })
    : say("None yet: press “compare” beside an account, up to ten of them.");
  byId("tray-table").hidden = byId("tray-export").hidden = byId("tray-clear").hidden = tray.length === 0;
  byId("tray-table").style.setProperty("--accounts", tray.length);
  byId("tray-table").tHead.replaceChildren(element("tr", {}, element("th", { scope: "col", className: "text" }, say("Measure")),
    ...tray.map((account) => element("th", { scope: "col" }, handle(account), " ", element("br"), compareButton(account)))));
  byId("tray-table").tBodies[0].replaceChildren(...COMPARED.filter(([, label]) => label !== null).map(([name, label, write]) =>
    element("tr", {}, element("th", { scope: "row" }, label),
      ...tray.map((account) => element("td", {}, element("bdi", {}, write(account)), places(name, account))))));
  keepView();
}

function exportTray() {
  const heads = ["account_id", ...COMPARED.map(([name]) => name)];
  const lines = tray.map((account) => [account.account_id, ...COMPARED.map(([, , write, plain]) => (plain || write)(account))].map(cell).join(","));
  offer(`${[heads.join(","), ...lines].join("\r\n")}\r\n`, "comparison.csv", byId("tray-export"));
}

byId("tray-export").addEventListener("click", exportTray);
byId("tray-clear").addEventListener("click", () => {
  tray.length = 0;
  showTray();
});
