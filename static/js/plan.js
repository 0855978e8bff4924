/* Makes a spreadsheet of a year's plan: arrows, ranges, copy and paste, filling, undo, sums as one types. Only what was changed is sent. */
"use strict";
page: {
  const form = document.querySelector("[data-plan]");
  if (!form) break page;
  const table = form.querySelector("table");
  const says = form.querySelector("[data-plan-says]");
  const { decimal, group } = table.dataset;
  const brief = new Intl.NumberFormat(document.documentElement.lang, { notation: "compact", maximumSignificantDigits: 3 });
  const percent = new Intl.NumberFormat(document.documentElement.lang, { style: "percent", signDisplay: "exceptZero", maximumFractionDigits: 0 });
  const lines = [...table.tBodies[0].rows].map((row) => ({
    row, isRep: row.classList.contains("rep"), teams: new Set(row.dataset.teams.split(" ")),
    fields: [...row.querySelectorAll(".cell, .nobody, .locked")].map((cell) => cell.querySelector("input")),
    fixed: [...row.querySelectorAll(".cell, .nobody, .locked")].map((cell) => cell.matches(".locked") ? cell.dataset.value : ""),
    sums: [...row.querySelectorAll(".sum")],
  }));
  const places = new Map(lines.flatMap((line, r) => line.fields.map((field, c) => [field, { r, c }])).filter(([field]) => field));
  const width = lines[0]?.fields.length ?? 0;
  const done = [], undone = [];
  let anchor = null, focus = null, before = "", isDragging = false, isSending = false, isTouched = false;

  // --- Numbers -----------------------------------------------------------------------------------
  /* What people write, or a spreadsheet hands over, as plain digits; the text itself where it is no number. */
  const quoted = (sign) => sign.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const NUMBER = new RegExp(`^-?(?:\\d{1,3}(?:${quoted(group)}\\d{3})+|\\d+)(?:${quoted(decimal)}\\d*)?$`);
  function plain(text) {
    const bare = text.trim().replace(/^[\p{Sc}]\s*|\s*[\p{Sc}%]$/gu, "").replace(/[\u00a0\u202f\u2009]/g, group.trim() ? "" : group).replace("−", "-");
    return NUMBER.test(bare) ? bare.replaceAll(group, "").replace(decimal, ".") : text.trim();
  }
  function value(field) {
    const text = plain(field?.value ?? "");
    return text === "" || Number.isNaN(Number(text)) ? null : Number(text);
  }
  const written = (digits) => /^-?\d*\.?\d*$/.test(digits) ? digits.replace(".", decimal) : digits;

  // --- What is changed -----------------------------------------------------------------------------
  function mark(field) {
    const isChanged = plain(field.value) !== plain(field.dataset.was);
    field.closest("td").classList.toggle("changed", isChanged);
    field.title = isChanged ? `${table.dataset.before} ${field.dataset.was || "—"}` : "";
  }
  const at = (line, c) => line.fields[c] ? value(line.fields[c]) : line.fixed[c] === "" ? null : Number(line.fixed[c]);
  function add(amounts) {
    const known = amounts.filter((one) => one !== null);
    return known.length ? known.reduce((a, b) => a + b, 0) : null;
  }
  const people = new Map(lines.filter((line) => !line.isRep).map((line) => [line, lines.filter((one) => one.isRep && [...one.teams].some((team) => line.teams.has(team)))]));
  function tell(changed) {
    for (const line of changed) {
      const step = line.sums.length > 1 ? width / (line.sums.length - 1) : width;
      line.sums.forEach((sum, n) => {
        const amounts = line.fields.map((_field, c) => at(line, c));
        const total = add(n === line.sums.length - 1 ? amounts : amounts.slice(n * step, (n + 1) * step));
        sum.textContent = total === null ? "" : brief.format(total);
      });
      if (!line.sums.length || line.isRep) continue;
      line.fields.forEach((field, c) => {
        if (!field) return;
        const together = add(people.get(line).map((one) => at(one, c))), own = value(field);
        const note = field.closest("td").querySelector(".below") ?? field.closest("td").appendChild(Object.assign(document.createElement("span"), { className: "below" }));
        const over = together !== null && own ? (together - own) / own : 0;
        note.replaceChildren(together === null ? "" : brief.format(together));
        if (Math.abs(over) >= 0.005) note.append(" ", Object.assign(document.createElement("span"), { className: over > 0 ? "over" : "under", textContent: percent.format(over) }));
      });
    }
    const count = table.querySelectorAll(".changed").length;
    says.textContent = count ? `${form.dataset.unsaved} ${count}` : "";
  }
  const due = new Set();
  /* The sums of a field's line, and of all whose people it is one of, are told with the next picture. */
  function soon(fields) {
    if (!due.size) requestAnimationFrame(() => { tell([...due]); due.clear(); });
    for (const { r } of fields.map((field) => places.get(field))) {
      due.add(lines[r]);
      for (const [group, members] of people) if (members.includes(lines[r])) due.add(group);
    }
  }
  function put(edits, into = done) {
    const kept = edits.filter(([field, text]) => field && field.value !== text).map(([field, text]) => [field, field.value, text]);
    if (!kept.length) return;
    isTouched = true;
    for (const [field, , text] of kept) { field.value = text; mark(field); }
    into.push(kept);
    if (into === done) undone.length = 0;
    if (focus) before = focus.value;
    soon(kept.map(([field]) => field));
  }
  function back(from, to) {
    const last = from.pop();
    if (!last) return;
    for (const [field, was] of last) { field.value = was; mark(field); }
    to.push(last.map(([field, was, text]) => [field, text, was]));
    last[0][0].focus();
    soon(last.map(([field]) => field));
  }
  /* What was typed into a field becomes one step that can be undone. */
  function settle() {
    if (!focus || focus.value === before) return;
    const text = focus.value;
    focus.value = before;
    put([[focus, text]]);
  }

  // --- Ranges ---------------------------------------------------------------------------------------
  function range() {
    if (!focus) return [];
    const from = places.get(anchor ?? focus), to = places.get(focus), rows = [];
    for (let r = Math.min(from.r, to.r); r <= Math.max(from.r, to.r); r++) rows.push(lines[r].fields.slice(Math.min(from.c, to.c), Math.max(from.c, to.c) + 1));
    return rows;
  }
  const isWide = () => anchor && anchor !== focus;
  function show() {
    for (const one of table.querySelectorAll(".chosen")) one.classList.remove("chosen");
    if (isWide()) for (const field of range().flat()) field?.closest("td").classList.add("chosen");
  }
  function go(down, right, isExtending) {
    let { r, c } = places.get(focus);
    do { r += down; c += right; } while (lines[r] && c >= 0 && c < width && !lines[r].fields[c]);
    const next = lines[r]?.fields[c];
    if (!next) return;
    const from = isExtending ? anchor ?? focus : null;
    next.focus();
    anchor = from;
    show();
  }

  table.addEventListener("focusin", ({ target }) => {
    if (!places.has(target)) return;
    focus = target;
    before = target.value;
    if (!isDragging) { anchor = null; show(); }
    target.select();
  });
  table.addEventListener("focusout", settle);
  table.addEventListener("input", ({ target }) => { isTouched = true; mark(target); soon([target]); });
  table.addEventListener("mousedown", (event) => {
    if (!places.has(event.target)) return;
    if (event.shiftKey && focus) {
      event.preventDefault();
      const from = anchor ?? focus;
      isDragging = true; event.target.focus(); isDragging = false;
      anchor = from;
      show();
    } else { isDragging = true; anchor = null; show(); }
  });
  table.addEventListener("mouseover", ({ target, buttons }) => {
    if (!isDragging || !(buttons & 1) || !places.has(target) || target === focus) return;
    anchor ??= focus;
    target.focus();
    show();
  });
  document.addEventListener("mouseup", () => { isDragging = false; });

  table.addEventListener("keydown", (event) => {
    if (!places.has(event.target)) return;
    const { key, shiftKey } = event, isCommand = event.ctrlKey || event.metaKey;
    const { selectionStart: start, selectionEnd: end, value: text } = event.target;
    const isWhole = start === 0 && end === text.length, isRtl = getComputedStyle(table).direction === "rtl";
    const take = (act) => { event.preventDefault(); act(); };
    const [forth, backwards] = isRtl ? ["ArrowLeft", "ArrowRight"] : ["ArrowRight", "ArrowLeft"];
    if (isCommand && key.toLowerCase() === "z") take(() => { if (text !== before) { event.target.value = before; mark(event.target); soon([event.target]); } else if (shiftKey) back(undone, done); else back(done, undone); });
    else if (isCommand && key.toLowerCase() === "y") take(() => back(undone, done));
    else if (isCommand && key.toLowerCase() === "d") take(() => { settle(); const rows = range(); put(rows[0].flatMap((_first, n) => { const column = rows.map((row) => row[n]).filter(Boolean); return column.slice(1).map((field) => [field, column[0].value]); })); });
    else if (isCommand && key.toLowerCase() === "r") take(() => { settle(); put(range().flatMap((row) => { const [first, ...others] = row.filter(Boolean); return others.map((field) => [field, first.value]); })); });
    else if (isCommand || event.altKey) return;
    else if (key === "ArrowUp" || key === "Enter" && shiftKey) take(() => go(-1, 0, key !== "Enter" && shiftKey));
    else if (key === "ArrowDown" || key === "Enter") take(() => go(1, 0, key !== "Enter" && shiftKey));
    else if (key === forth && (shiftKey && (isWide() || isWhole) || !shiftKey && (isWhole || start === text.length))) take(() => go(0, 1, shiftKey));
    else if (key === backwards && (shiftKey && (isWide() || isWhole) || !shiftKey && (isWhole || end === 0))) take(() => go(0, -1, shiftKey));
    else if (key === "Escape") take(() => { event.target.value = before; mark(event.target); anchor = null; show(); soon([event.target]); });
    else if ((key === "Delete" || key === "Backspace") && isWide()) take(() => put(range().flat().map((field) => [field, ""])));
  });

  table.addEventListener("copy", (event) => {
    if (!isWide()) return;
    event.preventDefault();
    event.clipboardData.setData("text/plain", range().map((row) => row.map((field) => plain(field?.value ?? "").replace(".", decimal)).join("\t")).join("\n"));
  });
  table.addEventListener("paste", (event) => {
    const rows = event.clipboardData.getData("text/plain").replace(/\r\n?/g, "\n").replace(/\n$/, "").split("\n").map((row) => row.split("\t"));
    const isOne = rows.length === 1 && rows[0].length === 1;
    if (isOne && !isWide() && plain(rows[0][0]) === rows[0][0]) return;
    event.preventDefault();
    settle();
    if (isOne) return put((isWide() ? range().flat() : [focus]).map((field) => [field, written(plain(rows[0][0]))]));
    const corner = isWide() ? range() : null, { r, c } = places.get(focus);
    const top = corner ? Math.min(r, places.get(anchor).r) : r, first = corner ? Math.min(c, places.get(anchor).c) : c;
    put(rows.flatMap((row, y) => row.map((text, x) => [lines[top + y]?.fields[first + x], written(plain(text))])));
  });

  // --- Saving -----------------------------------------------------------------------------------------
  /* Only the weights that somebody wants to write are asked for. */
  const by = form.elements["fill-spread_by"];
  const weights = form.elements["fill-spread_weights"]?.closest("label");
  const ask = () => { weights.hidden = by.value !== "weights"; };
  by?.addEventListener("change", ask);
  if (by) ask();

  /* Enter in a way to fill does that, and saves nothing. */
  form.querySelector(".ways")?.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !event.target.matches("input")) return;
    event.preventDefault();
    event.target.closest("fieldset").querySelector("button").click();
  });

  form.addEventListener("submit", () => {
    settle();
    isSending = true;
    for (const [field] of places) field.disabled = !field.closest("td").matches(".changed, .wrong");
  });
  addEventListener("pageshow", () => {
    isSending = false;
    for (const [field] of places) { field.disabled = false; mark(field); }
    tell(lines);
  });
  addEventListener("beforeunload", (event) => {
    if (isTouched && !isSending && table.querySelector(".changed")) event.preventDefault();
  });
}
