"use strict";
// The two tables of a fleet: they are searched together, and each shows some rows at a time. Text from outside enters
// the page only as text.
(() => {
  const byId = (id) => document.getElementById(id);

  const data = JSON.parse(byId("data").textContent);
  const CHUNK = 200;
  const number = (value) => value.toLocaleString("en-US");
  const counted = (value, one, many) => `${number(value)} ${value === 1 ? one : many}`;

  const hosts = data.hosts.map(([name, left, result, system, unknown, fixed, error], place) => ({
    place, name, count: left, left, result: data.texts[result], system: data.texts[system],
    cells: [error ? `${data.texts[result]}: ${error}` : data.texts[result], data.texts[system], unknown, fixed],
    text: `${name}\n${data.texts[system]}\n${data.texts[result]}`.toLowerCase(), fixes: [],
  }));
  const fixes = data.fixes.map(([id, title, files, places, severity, exploited, names, corrects, packages, links], place) => {
    for (const host of places) hosts[host].fixes.push(place);
    return {
      place, name: id, count: places.length, hosts: places, severity, exploited, cells: [corrects, title, files, packages], links,
      text: `${id}\n${title}\n${files}\n${names}\n${packages}`.toLowerCase(),
    };
  });

  // The selection: a host, a fix, or nothing.
  const NONE = { words: [], host: undefined, fix: undefined };
  const state = { ...NONE, severity: "", system: "", result: "", exploited: false, limits: { fix: CHUNK, host: CHUNK } };
  const has = (item) => state.words.every((word) => item.text.includes(word));

  // The fixes and hosts that match the filters, each with its number of matching hosts or fixes: for a subset of 20,000
  // hosts these are counted again.
  let left = [fixes, hosts];
  const filter = () => {
    const ofFix = (fix) => (!state.severity || fix.severity === state.severity) && (!state.exploited || fix.exploited);
    const ofHost = (host) => (!state.system || host.system === state.system) && (!state.result || host.result === state.result);
    const byFix = Boolean(state.severity || state.exploited);
    const byHost = Boolean(state.system || state.result);
    const some = fixes.filter(ofFix);
    const others = hosts.filter(ofHost);
    const isFix = new Set(some);
    const isHost = new Set(others);
    for (const fix of some) fix.count = byHost ? fix.hosts.filter((host) => isHost.has(hosts[host])).length : fix.hosts.length;
    for (const host of others) host.count = byFix ? host.fixes.filter((fix) => isFix.has(fixes[fix])).length : host.left;
    const kept = (items, narrowed) =>
      narrowed ? items.filter((item) => item.count > 0).sort((a, b) => b.count - a.count || a.place - b.place) : items;
    left = [kept(some, byHost), kept(others, byFix)];
  };

  const found = () => {
    const [some, others] = left;
    if (state.host !== undefined) {
      const of = new Set(hosts[state.host].fixes);
      return [some.filter((fix) => of.has(fix.place)), [hosts[state.host]]];
    }
    if (state.fix !== undefined) {
      const of = new Set(fixes[state.fix].hosts);
      return [[fixes[state.fix]], others.filter((host) => of.has(host.place))];
    }
    if (!state.words.length) return [some, others];
    // A word may match a fix or a host.
    // A search for a fix also finds the hosts that lack it.
    const found = some.filter(has);
    const places = new Set(found.map((fix) => fix.place));
    return [found, others.filter((host) => has(host) || host.fixes.some((place) => places.has(place)))];
  };

  const links = (fix) => {
    const cell = document.createElement("td");
    for (const [place, address] of (fix.links ?? []).entries()) {
      const link = document.createElement("a");
      link.href = address;
      link.rel = "noreferrer";
      link.textContent = place === 0 ? "article" : "update catalogue";
      cell.append(place === 0 ? "" : ", ", link);
    }
    return cell;
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
    for (const [place, cell] of [item.count, ...item.cells].entries()) {
      const data = document.createElement("td");
      data.textContent = typeof cell === "number" ? number(cell) : cell;
      if (kind === "fix" && place >= 3) data.className = "file";
      line.append(data);
    }
    if (kind === "fix") line.append(links(item));
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
    const isNarrowed = state.severity || state.system || state.result || state.exploited || state.words.length;
    byId("reset").hidden = state.host === undefined && state.fix === undefined && !isNarrowed;
  };

  const restart = (change) => {
    Object.assign(state, { host: undefined, fix: undefined, limits: { fix: CHUNK, host: CHUNK } }, change);
    apply();
  };

  byId("search").addEventListener("input", (event) => {
    restart({ words: event.target.value.toLowerCase().split(/\s+/).filter(Boolean) });
  });
  const selects = ["severity", "system", "result"].map(byId).filter(Boolean);
  for (const select of selects) {
    select.addEventListener("change", () => {
      state[select.id] = select.value;
      filter();
      restart({});
    });
  }
  const exploited = byId("only-exploited");
  const press = (pressed) => {
    state.exploited = pressed;
    exploited?.setAttribute("aria-pressed", String(pressed));
    filter();
  };
  exploited?.addEventListener("click", () => {
    press(!state.exploited);
    restart({});
  });
  byId("reset").addEventListener("click", () => {
    byId("search").value = "";
    for (const select of selects) {
      select.value = "";
      state[select.id] = "";
    }
    press(false);
    restart(NONE);
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
