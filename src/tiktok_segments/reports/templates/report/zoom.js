// The map from near: zoom, move, and find accounts on it.
const NEAREST = 0.3; // powers of ten that the closest view still shows
const drawing = byId("map-drawing");

// A window of the map stays within the whole of it.
function lookAt(next) {
  const kept = {};
  for (const [axis, [least, most]] of Object.entries(map.whole)) {
    const size = Math.min(Math.max(next[axis][1] - next[axis][0], NEAREST), most - least);
    const middle = (next[axis][0] + next[axis][1]) / 2;
    const low = Math.min(Math.max(middle - size / 2, least), most - size);
    kept[axis] = [low, low + size];
  }
  const all = Object.entries(map.whole).every(([axis, [least, most]]) => kept[axis][1] - kept[axis][0] > (most - least) * 0.99);
  map.window = all ? null : kept;
  byId("map-all").disabled = byId("map-out").disabled = all;
  drawMap();
  hideTip();
  keepView();
}

function zoom(factor, at = null) {
  const now = map.window || map.whole;
  const next = {};
  for (const axis of ["x", "y"]) {
    const [low, high] = now[axis];
    const fixed = at ? at[axis] : (low + high) / 2;
    next[axis] = [fixed - (fixed - low) * factor, fixed + (high - fixed) * factor];
  }
  lookAt(next);
}

function move(across, up) {
  const now = map.window || map.whole;
  const moved = (axis, share) => now[axis].map((end) => end + share * (now[axis][1] - now[axis][0]));
  lookAt({ x: moved("x", across), y: moved("y", up) });
}

// The point of the map under the pointer, in powers of ten.
function under(event) {
  const { px, py } = onDrawing(event);
  const now = map.window || map.whole;
  const { left, right, top, bottom } = map.frame;
  return {
    x: now.x[0] + ((px - left) / (right - left)) * (now.x[1] - now.x[0]),
    y: now.y[0] + ((bottom - py) / (bottom - top)) * (now.y[1] - now.y[0]),
  };
}

const drag = { from: null, far: false };

function beginDrag(event) {
  drag.from = map.window ? { px: onDrawing(event).px, py: onDrawing(event).py } : null;
  drag.far = false;
}

function continueDrag(event) {
  if (!drag.from || !event.buttons) return;
  const { px, py } = onDrawing(event);
  if (Math.hypot(px - drag.from.px, py - drag.from.py) < 4) return; // a press may tremble
  const { left, right, top, bottom } = map.frame;
  drag.far = true;
  move((drag.from.px - px) / (right - left), (py - drag.from.py) / (bottom - top));
  drag.from = { px, py };
}

function findOnMap() {
  const words = byId("map-search").value.trim().toLowerCase().replace(/^@/, "");
  const inPage = words ? accounts.filter((account) => account.engagement_rate !== null && searched.get(account).includes(words)) : [];
  const known = new Set(inPage.map((account) => account.account_id));
  const others = words && data.points ? map.shown.filter(({ account }) => account.account_id.toLowerCase().includes(words) && !known.has(account.account_id)) : [];
  map.found = [...inPage.map(placeOf), ...others];
  byId("map-found").textContent = !words ? ""
    : map.found.length ? say("{number} found; Enter zooms to them.", { number: grouped(map.found.length) }) : say("No account of this page.");
  drawMap();
}

function zoomToFound() {
  if (!map.found.length) return;
  const around = (axis) => {
    const values = map.found.map((place) => place[axis]);
    return [Math.min(...values) - 0.25, Math.max(...values) + 0.25];
  };
  lookAt({ x: around("x"), y: around("y") });
  if (map.found.length === 1) pick(map.found[0]);
}

const BY_KEY = {
  "+": () => zoom(0.6), "=": () => zoom(0.6), "-": () => zoom(1 / 0.6), 0: () => lookAt(map.whole), Escape: () => lookAt(map.whole),
  ArrowLeft: () => move(-0.2, 0), ArrowRight: () => move(0.2, 0), ArrowUp: () => move(0, 0.2), ArrowDown: () => move(0, -0.2),
};

if (map.whole) {
  byId("map-in").addEventListener("click", () => zoom(0.6));
  byId("map-out").addEventListener("click", () => zoom(1 / 0.6));
  byId("map-all").addEventListener("click", () => lookAt(map.whole));
  byId("map-search").addEventListener("input", findOnMap);
  byId("map-form").addEventListener("submit", (event) => {
    event.preventDefault();
    zoomToFound();
  });
  drawing.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !(event.key in BY_KEY)) return;
    event.preventDefault();
    BY_KEY[event.key]();
  });
  drawing.addEventListener("wheel", (event) => {
    if (!event.ctrlKey && !event.metaKey) return; // without a key it scrolls the page
    event.preventDefault();
    zoom(event.deltaY < 0 ? 0.8 : 1.25, under(event));
  }, { passive: false });
  drawing.addEventListener("dblclick", (event) => zoom(0.5, under(event)));
  drawing.addEventListener("pointerdown", (event) => {
    beginDrag(event);
    pointAt(event);
  });
  drawing.addEventListener("pointermove", (event) => {
    continueDrag(event);
    if (!drag.far || !event.buttons) pointAt(event);
  });
  drawing.addEventListener("pointerleave", hideTip);
  drawing.addEventListener("click", (event) => { if (!drag.far) pick(nearestTo(event)); });
}
