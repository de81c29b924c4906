"use strict";

/*
 * The page keeps each order's latest revision and draws it. The list is read when the page opens and
 * whenever the event stream (re)connects; in between every committed change comes as an event.
 */

const STATE_NAMES = {
  NEW: "NEW",
  CONFIRMED: "CONFIRMED",
  PAID: "PAID",
  CANCELLED: "CANCELLED",
  DEAD_LETTERED: "DEAD-LETTERED",
};
const SHOWN_ORDERS = 100;

const byId = (id) => document.getElementById(id);
const euros = (cents) => (cents / 100).toLocaleString(undefined, { style: "currency", currency: "EUR" });
const shortId = (id) => id.slice(0, 8);

const orders = new Map();
const rows = new Map();
const prices = new Map();
let serverAheadMillis = 0;

const serverNow = () => Date.now() + serverAheadMillis;

/** Answers {ok, body}; a server that does not answer is a problem like any other. */
async function call(path, method = "GET", body) {
  try {
    const response = await fetch(`api/orders${path}`, {
      method,
      headers: { Accept: "application/json", ...(body && { "Content-Type": "application/json" }) },
      body: body && JSON.stringify(body),
    });
    const isJson = response.headers.get("Content-Type")?.includes("json");
    return {
      ok: response.ok,
      status: response.status,
      body: isJson ? await response.json() : { problem: `The shop answered ${response.status}.` },
    };
  } catch {
    return { ok: false, status: 0, body: { problem: "The shop does not answer." } };
  }
}

function notice(text, bad = false) {
  const place = byId("notice");
  place.textContent = text;
  place.classList.toggle("bad", bad);
  place.hidden = false;
}

/* Orders */

function take(order) {
  const known = orders.get(order.id);
  if (known && known.revision >= order.revision) {
    return;
  }
  orders.set(order.id, order);
  draw(order, known);
}

function newRow(order) {
  const row = byId("order").content.firstElementChild.cloneNode(true);
  row.querySelector(".pay").addEventListener("click", (event) => pay(order.id, event.target));
  row.querySelector(".id").textContent = shortId(order.id);
  row.querySelector(".id").title = order.id;
  row.querySelector(".placed").textContent = new Date(order.placedAtMillis).toLocaleTimeString();
  const what = row.querySelector(".what");
  what.textContent = `${order.quantity} × ${order.title}`;
  if (order.poison) {
    what.append(Object.assign(document.createElement("small"), { textContent: "poison" }));
  }
  rows.set(order.id, row);
  return row;
}

/** Keeps the list sorted, the newest first. */
function insert(row, order) {
  const next = [...byId("orders").children].find(
    (other) => orders.get(other.dataset.id).placedAtMillis <= order.placedAtMillis);
  byId("orders").insertBefore(row, next ?? null);
}

function draw(order, known) {
  const row = rows.get(order.id) ?? newRow(order);
  row.dataset.id = order.id;
  row.dataset.state = order.state;
  row.querySelector(".state").textContent = STATE_NAMES[order.state];
  const deliveries = row.querySelector(".deliveries");
  deliveries.hidden = order.deliveries === 0;
  deliveries.textContent = order.deliveries === 1 ? "1 delivery" : `${order.deliveries} deliveries`;
  deliveries.classList.toggle("again", order.deliveries > 1);
  row.querySelector(".packed").hidden = !order.packed || order.state === "CANCELLED";
  row.querySelector(".pay").textContent = `Pay ${euros(order.totalCents)}`;
  row.querySelector(".pay").hidden = order.state !== "CONFIRMED";
  if (!known) {
    insert(row, order);
  }
  row.classList.toggle("arrived", !known);
  if (known && known.state !== order.state) {
    row.classList.remove("changed");
    void row.offsetWidth; // lets the animation start again
    row.classList.add("changed");
  }
  drawDue(order);
  drawTally();
}

function drawDue(order) {
  const due = rows.get(order.id).querySelector(".due");
  due.hidden = order.state !== "NEW" && order.state !== "CONFIRMED";
  if (due.hidden) {
    return;
  }
  const leftMillis = Math.max(0, order.paymentDueAtMillis - serverNow());
  const share = leftMillis / (order.paymentDueAtMillis - order.placedAtMillis);
  due.querySelector(".bar span").style.width = `${Math.min(100, share * 100)}%`;
  due.querySelector(".left").textContent = `${Math.ceil(leftMillis / 1000)} s to pay`;
}

function drawTally() {
  const counts = Object.keys(STATE_NAMES).map(
    (state) => [state, [...orders.values()].filter((order) => order.state === state).length]);
  byId("tally").replaceChildren(...counts.filter(([, count]) => count > 0).map(
    ([state, count]) => Object.assign(document.createElement("li"), {
      textContent: `${count} ${STATE_NAMES[state].toLowerCase()}`,
    })));
  byId("empty").hidden = orders.size > 0;
}

function forget(id) {
  rows.get(id).remove();
  rows.delete(id);
  orders.delete(id);
}

/** The page shows as many orders as the server lists. */
function forgetOldest() {
  while (orders.size > SHOWN_ORDERS) {
    forget(byId("orders").lastElementChild.dataset.id);
  }
}

async function readAll() {
  const before = [...orders.keys()];
  const { ok, body } = await call("");
  if (!ok) {
    return;
  }
  serverAheadMillis = body.nowMillis - Date.now();
  byId("orphans").textContent = body.orphans;
  byId("orphans").classList.toggle("bad", body.orphans > 0);
  const listed = new Set(body.orders.map((order) => order.id));
  before.filter((id) => !listed.has(id)).forEach(forget);
  body.orders.forEach(take);
  drawTally();
}

/* What a customer does */

async function pay(id, button) {
  button.disabled = true;
  const { ok, body } = await call(`/${id}/payment`, "POST");
  button.disabled = false;
  if (ok) {
    take(body);
    notice(`Order ${shortId(id)} is paid.`);
  } else {
    notice(body.problem, true);
  }
}

async function place(event) {
  event.preventDefault();
  byId("submit").disabled = true;
  const { ok, body } = await call("", "POST", {
    item: document.querySelector("#items input:checked").value,
    quantity: byId("quantity").valueAsNumber,
    failAfterSends: byId("fail").checked,
    poison: byId("poison").checked,
  });
  byId("submit").disabled = false;
  if (ok) {
    take(body);
    forgetOldest();
    notice(`Order ${shortId(body.id)} is placed: one row, two messages.`);
  } else if (body.order) {
    notice(`Order ${shortId(body.order)} failed after its sends: no row, no message.`, true);
  } else {
    notice(body.problem, true);
  }
}

function drawTotal() {
  const item = document.querySelector("#items input:checked");
  const quantity = byId("quantity").valueAsNumber;
  byId("total").textContent =
    item && quantity > 0 ? `· ${euros(prices.get(item.value) * quantity)}` : "";
}

async function drawItems() {
  const { ok, body } = await call("/items");
  if (!ok) {
    notice(body.problem, true);
    return;
  }
  byId("items").append(...body.map((item, index) => {
    prices.set(item.item, item.priceCents);
    const label = document.createElement("label");
    const input = Object.assign(document.createElement("input"), {
      type: "radio", name: "item", value: item.item, checked: index === 0,
    });
    const text = Object.assign(document.createElement("span"), { textContent: item.title });
    text.append(Object.assign(document.createElement("small"), { textContent: euros(item.priceCents) }));
    label.append(input, text);
    return label;
  }));
  drawTotal();
}

/* Live */

function listen() {
  const live = byId("live");
  const show = (text, on) => {
    live.textContent = text;
    live.classList.toggle("on", on);
  };
  const events = new EventSource("api/orders/events");
  events.addEventListener("open", () => {
    show("live", true);
    readAll();
  });
  events.addEventListener("order", (event) => {
    take(JSON.parse(event.data));
    forgetOldest();
  });
  events.addEventListener("error", () => {
    show("reconnecting", false);
    if (events.readyState === EventSource.CLOSED) {
      // An answer that is no stream (the server is starting) ends the browser's own retries.
      setTimeout(listen, 2000);
    }
  });
}

byId("place").addEventListener("submit", place);
byId("place").addEventListener("input", drawTotal);
for (const button of document.querySelectorAll("[data-step]")) {
  button.addEventListener("click", () => {
    const quantity = byId("quantity");
    const next = (quantity.valueAsNumber || 1) + Number(button.dataset.step);
    quantity.value = Math.min(99, Math.max(1, next));
    drawTotal();
  });
}
setInterval(() => orders.forEach(drawDue), 250);
setInterval(readAll, 10000); // for the orphans, which no event tells
drawItems();
listen();
