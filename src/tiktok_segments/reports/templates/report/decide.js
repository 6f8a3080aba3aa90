// The reader's decisions: yes, maybe or no and a note for each account. They are kept in the
// browser where it allows that, and leave the page as CSV or within a copy of it.
const CHOICES = ["yes", "maybe", "no"];
const KEPT = say("They are kept in this browser, for this report and the next of the same model.");
const SHELF = `tiktok-segments.decisions.${data.run_id}`;
const decisions = new Map();
const shelf = openShelf();

// A sandboxed frame, as MLflow's, throws at the mere look at its storage.
function openShelf() {
  try {
    window.localStorage.setItem(`${SHELF}.probe`, "1");
    window.localStorage.removeItem(`${SHELF}.probe`);
    return window.localStorage;
  } catch {
    return null;
  }
}

function keyOf(account) {
  return account.account_id.toLowerCase();
}

const UNDECIDED = { decision: "", note: "" };

function decisionOn(account) {
  return decisions.get(keyOf(account)) || UNDECIDED;
}

// Of two decisions on one account the later one holds; a cleared one stays, to be later than it.
function takeIn(entries) {
  for (const entry of Array.isArray(entries) ? entries : []) {
    if (!entry || typeof entry.account_id !== "string") continue;
    const known = decisions.get(keyOf(entry));
    if (known && (known.decided_at || "") > (entry.decided_at || "")) continue;
    const decision = CHOICES.includes(entry.decision) ? entry.decision : "";
    decisions.set(keyOf(entry), {
      account_id: entry.account_id, decision, note: String(entry.note || ""),
      segment: String(entry.segment || ""), decided_at: String(entry.decided_at || ""),
    });
  }
}

function keep() {
  if (!shelf) return;
  try {
    shelf.setItem(SHELF, JSON.stringify([...decisions.values()]));
    byId("decisions-kept").textContent = KEPT;
  } catch {
    byId("decisions-kept").textContent = say("This browser has no room left for them: export them before you close the page.");
  }
}

function decide(account, change) {
  decisions.set(keyOf(account), {
    account_id: account.account_id, segment: data.segments[account.segment].name,
    ...decisionOn(account), ...change, decided_at: new Date().toISOString(),
  });
  keep();
  showDecisions();
}

// A chooser with a note that unfolds; every one on the page that is about the account follows.
// A page of the table has a hundred: the field of a note is made when somebody asks for it.
function decider(account) {
  const choose = element("select", { "aria-label": say("Decision on {account}", { account: account.account_id }) },
    ...["", ...CHOICES].map((choice) => element("option", { value: choice }, DECISION_WORDS[choice] || say("decide"))));
  const unfold = element("button", { type: "button", className: "link", "aria-expanded": "false" });
  const box = element("span", { className: "decide" }, choose, " ", unfold);
  let note = null;
  box.refresh = () => {
    const made = decisionOn(account);
    if (box.shown === made) return; // writing what stands there already costs a layout of the table
    box.shown = made;
    choose.value = made.decision;
    if (note && note.value !== made.note) note.value = made.note;
    unfold.textContent = made.note ? say("note ✓") : say("note");
    box.dataset.decision = made.decision;
  };
  choose.addEventListener("change", () => decide(account, { decision: choose.value }));
  unfold.addEventListener("click", () => {
    if (note === null) {
      note = element("textarea", { "aria-label": say("Note on {account}", { account: account.account_id }), rows: 3, hidden: true, value: decisionOn(account).note });
      note.addEventListener("input", () => decide(account, { note: note.value }));
      box.append(note);
    }
    note.hidden = !note.hidden;
    unfold.setAttribute("aria-expanded", String(!note.hidden));
    if (!note.hidden) note.focus();
  });
  box.addEventListener("click", (event) => event.stopPropagation());
  box.refresh();
  return box;
}

function made() {
  const place = (entry) => (entry.decision ? CHOICES.indexOf(entry.decision) : CHOICES.length);
  return [...decisions.values()].filter((entry) => entry.decision || entry.note)
    .sort((a, b) => place(a) - place(b) || a.account_id.localeCompare(b.account_id));
}

function showInBoxes() {
  for (const box of document.querySelectorAll(".decide")) box.refresh();
}

function showDecisions() {
  const rows = made();
  showInBoxes();
  const counts = CHOICES.map((choice) => `${rows.filter((entry) => entry.decision === choice).length} ${DECISION_WORDS[choice]}`);
  byId("decisions-count").textContent = rows.length ? `${counts.join(", ")}.` : say("None yet: choose yes, maybe or no beside any account of this page.");
  byId("decisions-list").hidden = rows.length === 0;
  byId("decisions-list").tBodies[0].replaceChildren(...rows.slice(0, 500).map((entry) => element("tr", {},
    element("td", { className: "text" }, DECISION_WORDS[entry.decision] || "–"),
    element("th", { scope: "row" }, element("bdi", {}, `@${clipped(entry.account_id, 60)}`)),
    element("td", { className: "text" }, entry.segment),
    element("td", { className: "text" }, element("bdi", {}, clipped(entry.note, 500))))));
}

function exportDecisions() {
  const heads = ["account_id", "decision", "note", "segment", "decided_at"];
  const lines = made().map((entry) => heads.map((head) => cell(entry[head])).join(","));
  offer(`${[heads.join(","), ...lines].join("\r\n")}\r\n`, "decisions.csv", byId("decisions-export"));
}

function savePage() {
  const text = JSON.stringify(made()).replace(/[<>&\u2028\u2029]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`);
  pristine.querySelector("#report-decisions").textContent = text;
  save(`<!doctype html>\n${pristine.outerHTML}\n`, "report_with_decisions.html", "text/html");
}

takeIn(JSON.parse(byId("report-decisions").textContent));
try {
  takeIn(shelf ? JSON.parse(shelf.getItem(SHELF) || "[]") : []);
} catch {
  shelf.removeItem(SHELF); // cut or changed by hand: what the page brought with it holds
}
byId("decisions-kept").textContent = shelf
  ? KEPT
  : say("This view cannot keep them: export them before you close it, or download report.html and open it in a browser.");
byId("decisions-save").hidden = framed;
byId("decisions-export").addEventListener("click", exportDecisions);
byId("decisions-save").addEventListener("click", savePage);
byId("decisions-clear").addEventListener("click", () => {
  const [ask, really] = [say("Clear them all"), say("Really clear them all?")];
  const sure = byId("decisions-clear").textContent === really;
  byId("decisions-clear").textContent = sure ? ask : really;
  if (!sure) return;
  const now = new Date().toISOString();
  for (const [key, entry] of decisions) decisions.set(key, { ...entry, decision: "", note: "", decided_at: now });
  keep();
  showDecisions();
});
for (const place of document.querySelectorAll("[data-decide]")) {
  place.append(decider({ account_id: place.dataset.decide, segment: Number(place.dataset.segment) }));
}
showDecisions();
