"use strict";
// The two tables of a fleet: searched together, each a part at a time. Everything from outside enters the page as text.
(() => {
  const byId = (id) => document.getElementById(id);

  const data = JSON.parse(byId("data").textContent);
  const CHUNK = 200;
  const number = (value) => value.toLocaleString("en-US");
  const counted = (value, one, many) => `${number(value)} ${value === 1 ? one : many}`;

  const hosts = data.hosts.map(([name, left, result, system, unknown, fixed, error], place) => ({
    place, name, cells: [left, error ? `${data.texts[result]}: ${error}` : data.texts[result], data.texts[system], unknown, fixed],
    text: `${name}\n${data.texts[system]}\n${data.texts[result]}`.toLowerCase(), fixes: [],
  }));
  const fixes = data.fixes.map(([id, title, files, places], place) => {
    for (const host of places) hosts[host].fixes.push(place);
    return { place, name: id, cells: [places.length, title, files], text: `${id}\n${title}\n${files}`.toLowerCase(), hosts: places };
  });

  // What is chosen: a host, a fix, or nothing.
  const state = { words: [], host: undefined, fix: undefined, limits: { fix: CHUNK, host: CHUNK } };
  const has = (item) => state.words.every((word) => item.text.includes(word));

  const found = () => {
    if (state.host !== undefined) return [hosts[state.host].fixes.map((place) => fixes[place]), [hosts[state.host]]];
    if (state.fix !== undefined) {
      const of = new Set(fixes[state.fix].hosts);
      return [[fixes[state.fix]], hosts.filter((host) => of.has(host.place))];
    }
    if (!state.words.length) return [fixes, hosts];
    // A word may be that of a fix or of a host.
    // Who looks for a fix looks for the hosts that lack it, too.
    const found = fixes.filter(has);
    const places = new Set(found.map((fix) => fix.place));
    return [found, hosts.filter((host) => has(host) || host.fixes.some((place) => places.has(place)))];
  };

  const row = (kind, item) => {
    const line = document.createElement("tr");
    const head = document.createElement("th");
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = item.name;
    button.addEventListener("click", () => {
      state.host = kind === "host" ? item.place : undefined;
      state.fix = kind === "fix" ? item.place : undefined;
      apply();
      byId(kind === "host" ? "fixes" : "hosts").scrollIntoView();
    });
    head.scope = "row";
    head.append(button);
    line.append(head);
    for (const [place, cell] of item.cells.entries()) {
      const data = document.createElement("td");
      data.textContent = typeof cell === "number" ? number(cell) : cell;
      if (kind === "fix" && place === 2) data.className = "file";
      line.append(data);
    }
    return line;
  };

  const show = (kind, items) => {
    const limit = state.limits[kind];
    const part = document.createDocumentFragment();
    for (const item of items.slice(0, limit)) part.append(row(kind, item));
    byId(`${kind}-rows`).replaceChildren(part);
    const more = byId(kind === "fix" ? "more-fixes" : "more-hosts");
    const left = Math.max(0, items.length - limit);
    more.textContent = `Show ${number(Math.min(left, CHUNK))} more of ${number(left)}`;
    more.parentElement.hidden = left === 0;
    byId(`no-${kind}`).hidden = items.length > 0;
  };

  const apply = () => {
    const [some, others] = found();
    show("fix", some);
    show("host", others);
    byId("shown").textContent = `${counted(some.length, "fix", "fixes")}, ${counted(others.length, "host", "hosts")}`;
    byId("reset").hidden = state.host === undefined && state.fix === undefined && !state.words.length;
  };

  byId("search").addEventListener("input", (event) => {
    state.words = event.target.value.toLowerCase().split(/\s+/).filter(Boolean);
    Object.assign(state, { host: undefined, fix: undefined, limits: { fix: CHUNK, host: CHUNK } });
    apply();
  });
  byId("reset").addEventListener("click", () => {
    byId("search").value = "";
    Object.assign(state, { words: [], host: undefined, fix: undefined, limits: { fix: CHUNK, host: CHUNK } });
    apply();
  });
  for (const [id, kind] of [["more-fixes", "fix"], ["more-hosts", "host"]]) {
    byId(id).addEventListener("click", () => {
      state.limits[kind] += CHUNK;
      apply();
    });
  }
  document.querySelector(".tools").hidden = false;
  apply();
})();
