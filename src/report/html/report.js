"use strict";
// The table of articles: filters, searches, sorts and expands its rows. Text from outside enters the page only as text.
(() => {
  const root = document.documentElement;
  const byId = (id) => document.getElementById(id);

  const table = byId("table");
  if (!table) return;
  root.classList.add("js");
  const data = JSON.parse(byId("data").textContent);
  const body = table.tBodies[0];
  const tools = document.querySelector(".tools");
  const CHUNK = 200;
  const SEVERITY = ["missing", "partial", "likely-missing", "unknown", "likely-fixed", "fixed", "not-applicable"];

  // An element with its text or children.
  const make = (name, attributes, ...children) => {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    element.append(...children.filter((child) => child !== undefined && child !== ""));
    return element;
  };
  const words = (status) => (status === "partial" ? "half-installed" : status.replaceAll("-", " "));
  const number = (value) => value.toLocaleString("en-US");

  // The rows in the order of the report, each with its keys for searching and sorting.
  const items = [...body.rows].map((row, place) => {
    const article = data.articles[place];
    const cell = (index) => row.cells[index].textContent;
    const first = (index) => row.cells[index].firstElementChild?.textContent ?? "";
    const searched = [article.id, article.number, words(article.status), article.group, cell(2), ...(article.products ?? []), ...(article.bulletins ?? []), ...(article.cves ?? []), article.severity ?? ""];
    for (const finding of article.findings) {
      searched.push(finding.reason, finding.file?.path ?? "", finding.fix?.file ?? "", finding.pack?.[0] ?? "");
    }
    return {
      row, article, place, open: false,
      text: searched.join("\n").toLowerCase(),
      id: article.number, status: SEVERITY.indexOf(article.status),
      title: cell(2), group: article.group, file: first(4), found: first(5), date: cell(6),
    };
  });

  const state = { text: "", product: "", system: "", severity: "", statuses: new Set(), left: false, exploited: false, sort: "", descending: false, limit: CHUNK };

  const matches = (item) =>
    (!state.statuses.size || state.statuses.has(item.article.status)) &&
    (!state.product || `=${item.article.group}` === state.product) &&
    (!state.system || item.article.system === state.system) &&
    (!state.severity || item.article.severity === state.severity) &&
    (!state.left || !item.article.superseded_by) &&
    (!state.exploited || item.article.exploited) &&
    state.text.split(/\s+/).every((word) => item.text.includes(word));

  const collator = new Intl.Collator("en", { numeric: true, sensitivity: "base" });
  const compare = (a, b) => {
    const [one, other] = [a[state.sort], b[state.sort]];
    // Unknown values come last in both directions.
    if ((one === "") !== (other === "")) return one === "" ? 1 : -1;
    const order = typeof one === "number" ? one - other : collator.compare(one, other);
    return (state.descending ? -order : order) || a.place - b.place;
  };

  // Shows the matching rows, a part at a time: thousands of rows are laid out only when the user scrolls to them.
  const apply = () => {
    const found = items.filter(matches);
    if (state.sort) found.sort(compare);
    const part = document.createDocumentFragment();
    for (const item of found.slice(0, state.limit)) {
      prepare(item);
      part.append(item.row);
      if (item.detail) part.append(item.detail);
    }
    body.replaceChildren(part);
    const left = Math.max(0, found.length - state.limit);
    byId("shown").textContent = found.length === items.length
      ? `${number(found.length)} ${found.length === 1 ? "article" : "articles"}`
      : `${number(found.length)} of ${number(items.length)} articles`;
    byId("more").textContent = `Show ${number(Math.min(left, CHUNK))} more of ${number(left)}`;
    document.querySelector(".more").hidden = left === 0;
    document.querySelector(".nothing").hidden = found.length > 0;
    byId("reset").hidden = found.length === items.length;
    return found;
  };
  const refilter = () => {
    state.limit = CHUNK;
    apply();
  };

  // The parts of a row that are needed to show it: a button in its first cell, and its details if it is open.
  const prepare = (item) => {
    if (!item.button) {
      item.button = make("button", { type: "button", class: "opener", "aria-expanded": "false" }, item.article.id);
      item.row.cells[0].replaceChildren(item.button);
    }
    if (Boolean(item.detail) === item.open) return;
    item.button.setAttribute("aria-expanded", String(item.open));
    item.row.classList.toggle("open", item.open);
    if (item.open) {
      const id = `files-of-${item.row.id}`;
      item.detail = make("tr", { class: "detail", id }, make("td", { colspan: 7 }, details(item.article)));
      item.button.setAttribute("aria-controls", id);
    } else {
      item.detail.remove();
      item.detail = undefined;
      item.button.removeAttribute("aria-controls");
    }
  };
  const toggle = (item) => {
    item.open = !item.open;
    prepare(item);
    if (item.detail) item.row.after(item.detail);
  };

  const details = (article) => {
    const address = `support.microsoft.com/kb/${article.number}`;
    const about = make("div", { class: "about" },
      make("span", {}, "Article: ", make("a", { href: `https://${address}`, rel: "noopener noreferrer" }, address)),
      article.products ? make("span", {}, `Applies to: ${article.products.join("; ")}`) : "",
      article.bulletins ? make("span", {}, `Bulletins: ${article.bulletins.join(", ")}`) : "",
      article.severity ? make("span", {}, `Severity: ${article.severity}`) : "",
      // For a fix of uncertain state, nothing is claimed.
      article.cves ? make("span", {}, `${["missing", "partial", "fixed"].includes(article.status) ? "Vulnerabilities" : "Vulnerabilities that it would correct"}: ${article.cves.join(", ")}`) : "",
      article.cves_of_clients ? make("span", {}, `Of these only clients have: ${article.cves_of_clients.join(", ")}`) : "",
      article.cves_of_servers ? make("span", {}, `Of these only servers have: ${article.cves_of_servers.join(", ")}`) : "",
      article.cves_of_releases ? make("span", {}, `Of these only some releases have: ${article.cves_of_releases.join(", ")}`) : "",
      article.exploited ? make("span", {}, `Known to be exploited: ${article.exploited.join(", ")}`) : "",
      article.restart ? make("span", {}, `Restart: ${article.restart}`) : "",
      article.install ? make("span", {}, make("a", { href: article.install.catalogue, rel: "noopener noreferrer" }, "Search in the update catalogue")) : "",
      article.install?.packages.length ? make("span", {}, `Packages: ${article.install.packages.join(", ")}`) : "",
      article.install?.other_languages?.length ? make("span", {}, `Packages: none known for this language; for others ${article.install.other_languages.map((other) => `${other.file} (${other.language})`).join(", ")}`) : "",
      article.install?.other_processors?.length ? make("span", {}, "Packages: none known for this processor") : "",
      article.superseded_by ? make("span", {}, `Superseded by: ${article.superseded_by.join(", ")}`) : "");
    const absent = article.findings.filter((one) => one.reason === "file-absent");
    const present = article.findings.filter((one) => one.reason !== "file-absent");
    const applies = present.filter((one) => one.verdict !== "not-applicable");
    const others = present.filter((one) => one.verdict === "not-applicable");
    const list = make("div", { class: "findings" }, ...(applies.length ? applies : others).map(finding));
    if (applies.length && others.length) {
      list.append(fold(`${number(others.length)} ${others.length === 1 ? "row does" : "rows do"} not apply`,
        make("div", { class: "findings" }, ...others.map(finding))));
    }
    if (absent.length) {
      // Cumulative articles may have hundreds of them: one line each.
      const demand = ({ fix }) => [fix.file, fix.version, fix.date, bytes(fix.size), fix.platform, ...(fix.only ?? [])].filter(Boolean).join(", ");
      list.append(fold(`${number(absent.length)} ${absent.length === 1 ? "file of the article was" : "files of the article were"} not found`,
        make("ul", {}, ...absent.map((one) => make("li", {}, demand(one))))));
    }
    if (!article.findings.length) list.append("The article names neither a corrected file nor a service pack.");
    const whole = document.createDocumentFragment();
    whole.append(about, list);
    return whole;
  };

  const bytes = (size) => (size === undefined ? "" : `${number(size)} bytes`);
  const instant = (text) => (text ? text.replace("T", " ").replace("Z", " UTC") : "");

  const fold = (title, content) => make("details", { class: "others" }, make("summary", {}, title), content);

  // One row of an article compared with one file.
  const finding = (found) => {
    const { file = {}, fix = {}, pack, compared } = found;
    const [rule, sentence] = data.reasons[found.reason];
    const tree = data.trees.length > 1 && found.file ? `${data.trees[file.tree]}: ` : "";
    const name = file.path !== undefined ? tree + file.path : fix.file ?? pack?.[0] ?? "";
    const rows = [
      ["Version", file.fixed_version ?? "", fix.version ?? (pack ? pack[1] : found.file ? "not stated" : "")],
      ["String", (file.version_strings ?? []).join("; "), ""],
      ["Size", bytes(file.size), bytes(fix.size)],
      ["Date", instant(file.modified), fix.date ?? ""],
      ["Built", instant(file.built), ""],
      ["Processor", file.machine ?? "", fix.platform ?? ""],
      ["Product", found.release ?? "", (fix.only ?? []).join("; ")],
    ].filter(([, left, right]) => left || right);
    const told = compared && (compared[1] === "version string" ? "String" : "Version");
    const line = ([label, left, right]) =>
      make("tr", label === told ? { class: "told" } : {}, make("th", { scope: "row" }, label), make("td", {}, left), make("td", {}, right));
    return make("article", { class: "finding" },
      make("div", { class: "head" }, make("h3", {}, name), make("span", { class: `badge ${found.verdict}` }, words(found.verdict))),
      make("p", { class: "say" }, sentence),
      found.excuse ? make("p", { class: "say" }, make("b", {}, found.excuse)) : "",
      file.error ? make("p", { class: "say" }, `Error: ${file.error}`) : "",
      make("table", { class: "compare" },
        make("thead", {}, make("tr", {}, make("td", {}), make("th", { scope: "col" }, "File"), make("th", { scope: "col" }, "Article"))),
        make("tbody", {}, ...rows.map(line))),
      file.path_raw ? make("p", { class: "small" }, `Bytes of the path: ${file.path_raw}`) : "",
      make("p", { class: "small" }, "Rule ", make("code", {}, rule), ", reason ", make("code", {}, found.reason)),
      found.evidence ? make("p", { class: "small" }, "Evidence ", make("code", {}, found.evidence)) : "");
  };

  // Sorting: each column head becomes a button.
  const heads = [...table.tHead.rows[0].cells];
  const mark = () => {
    for (const head of heads) {
      if (head.dataset.sort === state.sort) head.setAttribute("aria-sort", state.descending ? "descending" : "ascending");
      else head.removeAttribute("aria-sort");
    }
  };
  for (const head of heads) {
    const button = make("button", { type: "button" }, head.textContent);
    head.replaceChildren(button);
    button.addEventListener("click", () => {
      const same = state.sort === head.dataset.sort;
      // Ids and dates are sorted with the newest first.
      state.descending = same ? !state.descending : ["id", "date"].includes(head.dataset.sort);
      state.sort = head.dataset.sort;
      mark();
      refilter();
    });
  }

  // Filters
  let waiting;
  byId("search").addEventListener("input", (event) => {
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      state.text = event.target.value.trim().toLowerCase();
      refilter();
    }, 120);
  });
  byId("product").addEventListener("change", (event) => {
    state.product = event.target.value;
    refilter();
  });
  const system = byId("system");
  system?.addEventListener("change", () => {
    state.system = system.value;
    refilter();
  });
  const severity = byId("severity");
  severity?.addEventListener("change", () => {
    state.severity = severity.value;
    refilter();
  });
  const chips = [...document.querySelectorAll(".chip[data-status]")];
  const press = (button, on) => button.setAttribute("aria-pressed", String(on));
  for (const chip of chips) {
    chip.addEventListener("click", () => {
      const { status } = chip.dataset;
      if (!state.statuses.delete(status)) state.statuses.add(status);
      press(chip, state.statuses.has(status));
      refilter();
    });
  }
  const left = byId("only-left");
  left.hidden = !items.some((item) => item.article.superseded_by);
  left.addEventListener("click", () => {
    state.left = !state.left;
    press(left, state.left);
    refilter();
  });
  const exploited = byId("only-exploited");
  exploited?.addEventListener("click", () => {
    state.exploited = !state.exploited;
    press(exploited, state.exploited);
    refilter();
  });
  const reset = () => {
    clearTimeout(waiting);
    Object.assign(state, { text: "", product: "", system: "", severity: "", left: false, exploited: false });
    state.statuses.clear();
    byId("search").value = "";
    byId("product").value = "";
    if (system) system.value = "";
    if (severity) severity.value = "";
    [...chips, left, exploited].forEach((button) => button && press(button, false));
    refilter();
  };
  byId("reset").addEventListener("click", () => {
    reset();
    byId("search").focus();
  });
  byId("reset-none").addEventListener("click", () => {
    reset();
    byId("search").focus();
  });
  tools.addEventListener("submit", (event) => event.preventDefault());

  // Opening
  const byRow = new Map(items.map((item) => [item.row, item]));
  body.addEventListener("click", (event) => {
    const item = byRow.get(event.target.closest("tr.article"));
    // A click that selects text (to copy a version) does not expand the row.
    const selects = !event.target.closest("button") && String(getSelection()) !== "";
    if (item && !selects) toggle(item);
  });
  const openAll = (open) => {
    for (const item of items) if (!open || matches(item)) item.open = open;
    items.filter((item) => item.button && !item.open).forEach(prepare);
    apply();
  };
  byId("open-all").addEventListener("click", () => openAll(true));
  byId("close-all").addEventListener("click", () => openAll(false));

  // More rows: by the button, or when the user scrolls near it.
  const more = () => {
    state.limit += CHUNK;
    apply();
  };
  byId("more").addEventListener("click", more);
  new IntersectionObserver((entries) => {
    if (entries.some((entry) => entry.isIntersecting)) more();
  }, { rootMargin: "400px" }).observe(byId("more"));

  // A link to an article expands its row.
  const byName = new Map(items.map((item) => [item.row.id, item]));
  const follow = () => {
    const item = byName.get(decodeURIComponent(location.hash.slice(1)));
    if (!item) return;
    item.open = true;
    if (!apply().slice(0, state.limit).includes(item)) {
      // If it is far down, or filtered out, only this row is shown.
      reset();
      byId("search").value = item.article.id;
      state.text = item.text.slice(0, item.article.id.length);
      apply();
    }
    item.row.scrollIntoView({ block: "center" });
    item.button.focus({ preventScroll: true });
  };
  addEventListener("hashchange", follow);
  for (const link of document.querySelectorAll("a.of-product")) {
    link.addEventListener("click", () => {
      reset();
      const product = byId("product");
      product.value = `=${link.closest(".group").dataset.group}`;
      state.product = product.value;
      refilter();
    });
  }

  // All rows that match the filters are printed.
  addEventListener("beforeprint", () => {
    state.limit = Infinity;
    apply();
  });
  addEventListener("afterprint", refilter);

  tools.hidden = false;
  apply();
  root.classList.add("ready");
  follow();
})();
