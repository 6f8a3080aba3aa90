// The view in the address: filters, order, open account, tray and part of the map after the "#", so that a link
// reproduces them. A frame's address is not the reader's, so there it is only handed out.
const view = { ready: false, open: null };

function viewText() {
  const state = new URLSearchParams();
  for (const field of byId("filters").elements) if (field.id && field.value) state.append(field.id, field.value);
  const [place, direction] = table.order()[0] || [byReach, "desc"];
  if (place !== byReach || direction !== "desc") state.append("order", `${place} ${direction}`);
  if (view.open) state.append("open", view.open.account_id);
  if (map.window) state.append("map", [...map.window.x, ...map.window.y].map((end) => end.toFixed(3)).join(" "));
  for (const account of tray) state.append("compare", account.account_id);
  return state.toString();
}

function keepView() {
  if (!view.ready || framed) return;
  history.replaceState(null, "", `#${viewText()}`);
}

function takeView() {
  const text = location.hash.slice(1);
  if (!text.includes("=")) return; // the address of a section
  const state = new URLSearchParams(text);
  view.ready = false;
  byId("filters").reset();
  for (const [name, value] of state) {
    const field = byId("filters").elements[name];
    if (field instanceof HTMLElement) field.value = value;
  }
  const [place, direction] = (state.get("order") || "").split(" ");
  if (columns[place] && ["asc", "desc"].includes(direction)) table.order([[Number(place), direction]]);
  tray.splice(0, tray.length, ...state.getAll("compare").map(findAccount).filter(Boolean).slice(0, MOST_COMPARED));
  const account = findAccount(state.get("open") || "");
  const ends = (state.get("map") || "").split(" ").map(Number);
  if (map.whole) lookAt(ends.length === 4 && ends.every(Number.isFinite) ? { x: ends.slice(0, 2), y: ends.slice(2) } : map.whole);
  refresh();
  showTray();
  if (account) explain(account);
  view.ready = true;
  byId(account ? "why" : tray.length ? "compare" : "accounts").scrollIntoView();
}

byId("link").addEventListener("click", () => {
  const address = framed ? "report.html" : location.href.replace(/#.*/, "");
  show(`${address}#${viewText()}`, byId("link"));
});
table.on("order", keepView);
window.addEventListener("hashchange", takeView);
showTray();
takeView();
view.ready = true;
