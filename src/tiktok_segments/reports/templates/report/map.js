// The map: an SVG drawn at the size it is shown in, so that its text is readable on a phone too.
const SVG = "http://www.w3.org/2000/svg";
const map = { points: [], marked: null, alone: null };

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

function logScale(values, from, to, room) {
  const logs = values.map(Math.log10);
  const low = Math.min(...logs) - 0.15;
  const high = Math.max(Math.max(...logs) + 0.15, low + 1);
  const scale = (value) => from + ((Math.log10(value) - low) / (high - low)) * (to - from);
  const powers = [];
  for (let power = Math.floor(low); power <= high; power += 1) powers.push(power);
  const within = (tick) => Math.log10(tick) >= low && Math.log10(tick) <= high;
  const fine = powers.flatMap((power) => [1, 2, 5].map((digit) => Number(`${digit}e${power}`))).filter(within);
  const step = Math.ceil(powers.length / room);
  const coarse = powers.filter((power) => power % step === 0).map((power) => Number(`1e${power}`)).filter(within);
  scale.ticks = fine.length <= room ? fine : coarse;
  return scale;
}

function drawMap() {
  const drawing = byId("map-drawing");
  const shown = mapAccounts();
  const width = Math.max(drawing.clientWidth, 280);
  const height = Math.min(Math.max(width * 0.55, 320), 560);
  const narrow = width < 560;
  const [left, right, top, bottom] = [narrow ? 76 : 84, 16, 10, 44];
  const floor = Math.min(...shown.map((account) => account.engagement_rate).filter((rate) => rate > 0), 0.1);
  const followers = shown.map((account) => Math.max(account.followers, 1));
  const rates = shown.map((account) => Math.max(account.engagement_rate, floor));
  const x = logScale(followers, left, width - right, narrow ? 7 : 10);
  const y = logScale(rates, height - bottom, top, 9);

  const svg = shape("svg", { viewBox: `0 0 ${width} ${height}`, width, height, role: "img" });
  svg.append(shape("title", {}, `Accounts by followers and engagement rate, coloured by segment; ${shown.length} dots. The table of accounts has the same values.`));
  for (const tick of x.ticks) {
    svg.append(shape("line", { class: "grid", x1: x(tick), x2: x(tick), y1: top, y2: height - bottom }));
    svg.append(shape("text", { x: x(tick), y: height - bottom + 18, "text-anchor": "middle" }, short(tick)));
  }
  for (const tick of y.ticks) {
    svg.append(shape("line", { class: "grid", x1: left, x2: width - right, y1: y(tick), y2: y(tick) }));
    svg.append(shape("text", { x: left - 8, y: y(tick) + 4, "text-anchor": "end" }, percent(tick)));
  }
  svg.append(shape("text", { x: (left + width) / 2, y: height - 6, "text-anchor": "middle" }, "followers"));
  svg.append(shape("text", { x: 12, y: (height - bottom) / 2, "text-anchor": "middle", transform: `rotate(-90 12 ${(height - bottom) / 2})` }, "engagement rate"));

  const layers = data.segments.map((segment, number) => shape("g", { fill: segment.colour, "data-segment": number }));
  const bySize = [...layers.keys()].sort((a, b) => data.segments[b].accounts - data.segments[a].accounts);
  map.points = shown.map((account, row) => ({ account, x: x(followers[row]), y: y(rates[row]) }));
  for (const point of map.points) {
    layers[point.account.segment].append(shape("circle", { cx: point.x.toFixed(1), cy: point.y.toFixed(1), r: narrow ? 3 : 3.8 }));
  }
  svg.append(...bySize.map((number) => layers[number]));
  const line = data.curve.followers.map((size, row) => `${x(Math.max(size, 1)).toFixed(1)},${y(Math.max(data.curve.engagement_rate[row], floor)).toFixed(1)}`);
  svg.append(shape("polyline", { class: "usual", points: line.join(" ") }));
  map.marked = shape("circle", { class: "found", r: narrow ? 7 : 8, visibility: "hidden" });
  svg.append(map.marked);
  svg.addEventListener("pointermove", pointAt);
  svg.addEventListener("pointerdown", pointAt);
  svg.addEventListener("pointerleave", hideTip);
  svg.addEventListener("click", (event) => pick(nearestTo(event)));
  drawing.replaceChildren(svg);
  fadeOthers();
}

function nearestTo(event) {
  const frame = event.currentTarget.getBoundingClientRect();
  const scale = event.currentTarget.viewBox.baseVal.width / frame.width;
  const [px, py] = [(event.clientX - frame.left) * scale, (event.clientY - frame.top) * scale];
  let nearest = null;
  let least = 18 ** 2;
  for (const point of map.points) {
    if (map.alone !== null && point.account.segment !== map.alone) continue;
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
    `${short(account.followers)} followers, ${percent(account.engagement_rate)}`);
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

function fadeOthers() {
  for (const layer of byId("map-drawing").querySelectorAll("g")) {
    layer.classList.toggle("faded", map.alone !== null && Number(layer.dataset.segment) !== map.alone);
  }
}

function drawLegend() {
  const buttons = data.segments.map((segment, number) => {
    const button = element("button", { type: "button", "aria-pressed": "false" }, dot(number), segment.name);
    button.addEventListener("click", () => {
      map.alone = map.alone === number ? null : number;
      buttons.forEach((other, place) => other.setAttribute("aria-pressed", String(map.alone === place)));
      fadeOthers();
    });
    return button;
  });
  const usual = element("span", { className: "soft" }, element("span", { className: "dash" }), "usual engagement for the size");
  const largest = [...buttons.keys()].sort((a, b) => data.segments[b].accounts - data.segments[a].accounts);
  const nodes = [...largest.map((number) => buttons[number]), usual]; // in the order of bar and cards
  byId("map-legend").append(...nodes.map((node) => element("li", {}, node)));
}

if (byId("map-drawing") && data.curve) {
  drawLegend();
  let width = 0;
  new ResizeObserver(([entry]) => {
    if (Math.abs(entry.contentRect.width - width) < 1) return;
    width = entry.contentRect.width;
    drawMap();
  }).observe(byId("map-drawing"));
  drawMap();
}
