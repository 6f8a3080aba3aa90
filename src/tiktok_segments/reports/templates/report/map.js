// The map: an SVG drawn at the size it is shown in, so that its text is readable on a phone too.
const SVG = "http://www.w3.org/2000/svg";
const MOST_NAMED = 15; // so few dots are drawn with their names
const map = { shown: [], whole: null, frame: null, window: null, scales: null, points: [], found: [], marked: null };

function shape(name, attributes, text) {
  const node = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  if (text !== undefined) node.textContent = text;
  return node;
}

function mapAccounts() {
  const known = (account) => account.engagement_rate !== null;
  if (!data.points) return accounts.filter(known);
  return data.points.segment.map((segment, row) => ({
    segment,
    account_id: data.points.account_id[row],
    followers: data.points.followers[row],
    engagement_rate: data.points.engagement_rate[row],
  })).filter(known);
}

// Where an account lies, in powers of ten; nobody and nothing lie at the lower end.
function placeOf(account) {
  return { account, x: Math.log10(Math.max(account.followers, 1)), y: Math.log10(Math.max(account.engagement_rate, map.floor)) };
}

function span(values) {
  const low = Math.min(...values) - 0.15;
  return [low, Math.max(Math.max(...values) + 0.15, low + 1)];
}

function logScale([low, high], from, to, room) {
  const scale = (log) => from + ((log - low) / (high - low)) * (to - from);
  const powers = [];
  for (let power = Math.floor(low); power <= high; power += 1) powers.push(power);
  const within = (tick) => Math.log10(tick) >= low && Math.log10(tick) <= high;
  const ticks = (digits) => powers.flatMap((power) => digits.map((digit) => Number(`${digit}e${power}`))).filter(within);
  const [finest, fine] = [ticks([1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8]), ticks([1, 2, 5])];
  const step = Math.ceil(powers.length / room);
  const coarse = powers.filter((power) => power % step === 0).map((power) => Number(`1e${power}`)).filter(within);
  scale.ticks = fine.length > room ? coarse : fine.length < 3 && finest.length <= room ? finest : fine;
  return scale;
}

function drawMap() {
  const drawing = byId("map-drawing");
  const width = Math.max(drawing.clientWidth, 280);
  const height = Math.min(Math.max(width * 0.55, 320), 560);
  const narrow = width < 560;
  const [left, right, top, bottom] = [narrow ? 76 : 84, 16, 10, 44];
  const shown = map.window || map.whole;
  const x = logScale(shown.x, left, width - right, narrow ? 7 : 10);
  const y = logScale(shown.y, height - bottom, top, 9);
  map.frame = { left, right: width - right, top, bottom: height - bottom };

  const svg = shape("svg", { viewBox: `0 0 ${width} ${height}`, width, height, role: "img" });
  svg.append(shape("title", {}, say("Accounts by followers and engagement rate, coloured by segment; {number} dots. The table of accounts has the same values.", { number: grouped(map.shown.length) })));
  const clip = shape("clipPath", { id: "map-frame" });
  clip.append(shape("rect", { x: left, y: top, width: width - right - left, height: height - bottom - top }));
  svg.append(clip);
  for (const tick of x.ticks) {
    const place = x(Math.log10(tick));
    svg.append(shape("line", { class: "grid", x1: place, x2: place, y1: top, y2: height - bottom }));
    svg.append(shape("text", { x: place, y: height - bottom + 18, "text-anchor": "middle" }, short(tick)));
  }
  for (const tick of y.ticks) {
    const place = y(Math.log10(tick));
    svg.append(shape("line", { class: "grid", x1: left, x2: width - right, y1: place, y2: place }));
    svg.append(shape("text", { x: left - 8, y: place + 4, "text-anchor": "end" }, percent(tick)));
  }
  svg.append(shape("text", { x: (left + width) / 2, y: height - 6, "text-anchor": "middle" }, say("followers")));
  svg.append(shape("text", { x: 12, y: (height - bottom) / 2, "text-anchor": "middle", transform: `rotate(-90 12 ${(height - bottom) / 2})` }, say("engagement rate")));

  const within = ({ x: across, y: up }) => across >= shown.x[0] && across <= shown.x[1] && up >= shown.y[0] && up <= shown.y[1];
  const onPage = (place) => ({ account: place.account, x: x(place.x), y: y(place.y) });
  const found = map.found.filter(within).map(onPage);
  const dots = map.shown.filter(within).map(onPage);
  const layers = data.segments.map((segment, number) => shape("g", { fill: segment.colour, "data-segment": number }));
  const bySize = [...layers.keys()].sort((a, b) => data.segments[b].accounts - data.segments[a].accounts);
  for (const point of dots) {
    layers[point.account.segment].append(shape("circle", { cx: point.x.toFixed(1), cy: point.y.toFixed(1), r: narrow ? 3 : 3.8 }));
  }
  svg.append(...bySize.map((number) => layers[number]));
  const line = data.curve.followers.map((size, row) => placeOf({ followers: size, engagement_rate: data.curve.engagement_rate[row] }));
  svg.append(shape("polyline", { class: "usual", "clip-path": "url(#map-frame)", points: line.map((place) => `${x(place.x).toFixed(1)},${y(place.y).toFixed(1)}`).join(" ") }));
  const named = map.found.length ? found : dots;
  if (named.length <= MOST_NAMED) svg.append(...named.map((point) => nameOnMap(point, width)));
  svg.append(...found.map((point) => shape("circle", { class: "hit", cx: point.x.toFixed(1), cy: point.y.toFixed(1), r: narrow ? 5 : 6, fill: data.segments[point.account.segment].colour })));
  map.marked = shape("circle", { class: "found", r: narrow ? 7 : 8, visibility: "hidden" });
  svg.append(map.marked);
  map.points = map.found.length ? found : dots;
  svg.classList.toggle("searched", map.found.length > 0);
  svg.classList.toggle("zoomed", map.window !== null);
  drawing.replaceChildren(svg);
  showSegment();
}

function nameOnMap({ account, x, y }, width) {
  const before = x > width * 0.7;
  return shape("text", { class: "named", x: before ? x - 9 : x + 9, y: y + 4, "text-anchor": before ? "end" : "start" }, `@${clipped(account.account_id, 24)}`);
}

// Where on the drawing the pointer is, in the drawing's own units.
function onDrawing(event) {
  const svg = byId("map-drawing").querySelector("svg");
  const frame = svg.getBoundingClientRect();
  const scale = svg.viewBox.baseVal.width / frame.width;
  return { px: (event.clientX - frame.left) * scale, py: (event.clientY - frame.top) * scale, scale };
}

function nearestTo(event) {
  const { px, py, scale } = onDrawing(event);
  let nearest = null;
  let least = 18 ** 2;
  const alone = byId("segment").value;
  for (const point of map.points) {
    if (alone !== "" && point.account.segment !== Number(alone)) continue;
    const distance = (point.x - px) ** 2 + (point.y - py) ** 2;
    if (distance < least) [nearest, least] = [point, distance];
  }
  return nearest && { ...nearest, scale };
}

function pointAt(event) {
  const nearest = nearestTo(event);
  if (nearest) showTip(nearest, nearest.scale);
  else hideTip();
}

function pick(nearest) {
  if (!nearest) return;
  const whole = findAccount(nearest.account.account_id);
  byId("map-picked").replaceChildren(handle(nearest.account), " ", dot(nearest.account.segment), data.segments[nearest.account.segment].name, " ",
    decider(nearest.account), whole ? whyButton(whole) : "");
  byId("map-picked").hidden = false;
}

function showTip({ account, x, y }, scale) {
  const tip = byId("map-tip");
  tip.replaceChildren(
    element("strong", {}, element("bdi", {}, `@${clipped(account.account_id, 40)}`)), element("br"),
    data.segments[account.segment].name, element("br"),
    say("{followers} followers, {rate}", { followers: short(account.followers), rate: percent(account.engagement_rate) }));
  tip.hidden = false;
  const box = tip.parentElement;
  const place = x / scale + 16;
  tip.style.left = `${place + tip.offsetWidth > box.clientWidth ? Math.max(place - tip.offsetWidth - 24, 4) : place}px`;
  tip.style.top = `${Math.max(y / scale - tip.offsetHeight / 2, 4)}px`;
  map.marked.setAttribute("cx", x);
  map.marked.setAttribute("cy", y);
  map.marked.setAttribute("visibility", "visible");
}

function hideTip() {
  byId("map-tip").hidden = true;
  map.marked.setAttribute("visibility", "hidden");
}

// The segment chosen for the table is seen alone here, and the other way round.
function showSegment() {
  const alone = byId("segment").value;
  for (const layer of byId("map-drawing").querySelectorAll("g")) {
    layer.classList.toggle("faded", alone !== "" && layer.dataset.segment !== alone);
  }
  for (const button of byId("map-legend").querySelectorAll("button")) {
    button.setAttribute("aria-pressed", String(button.dataset.segment === alone));
  }
}

function drawLegend() {
  const buttons = data.segments.map((segment, number) => {
    const button = element("button", { type: "button", "aria-pressed": "false", "data-segment": number }, dot(number), segment.name);
    button.addEventListener("click", () => {
      byId("segment").value = byId("segment").value === String(number) ? "" : String(number);
      refresh();
    });
    return button;
  });
  const usual = element("span", { className: "soft" }, element("span", { className: "dash" }), say("usual engagement for the size"));
  const largest = [...buttons.keys()].sort((a, b) => data.segments[b].accounts - data.segments[a].accounts);
  const nodes = [...largest.map((number) => buttons[number]), usual]; // in the order of bar and cards
  byId("map-legend").append(...nodes.map((node) => element("li", {}, node)));
}

if (byId("map-drawing") && data.curve) {
  const shown = mapAccounts();
  map.floor = Math.min(...shown.map((account) => account.engagement_rate).filter((rate) => rate > 0), 0.1);
  map.shown = shown.map(placeOf);
  map.whole = { x: span(map.shown.map((place) => place.x)), y: span(map.shown.map((place) => place.y)) };
  drawLegend();
  let width = 0;
  new ResizeObserver(([entry]) => {
    if (Math.abs(entry.contentRect.width - width) < 1) return;
    width = entry.contentRect.width;
    drawMap();
  }).observe(byId("map-drawing"));
  drawMap();
}
