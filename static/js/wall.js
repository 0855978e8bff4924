/* A wall display: shows boards one after the other, keeps them fresh, says when it cannot, and celebrates. It never leaves its page while no server answers. */
"use strict";
page: {
  const wall = document.querySelector("[data-wall]");
  if (!wall) break page;
  const stage = document.getElementById("stage"), old = document.getElementById("old"), party = document.getElementById("party");
  const EVERY = 5000, PATIENCE = 60000, CELEBRATED = 12000, AGAIN = 6 * 3600 * 1000;
  const began = Date.now(), tags = new Map(), seen = new Set();
  let state = JSON.parse(document.getElementById("wall-state").textContent);
  let place = 0, askedAt = 0, shownAt = Date.now(), heardAt = Date.now(), isAsking = false, isFirst = true, waiting = [], celebratesUntil = 0;

  const address = (n) => `${wall.dataset.board}?n=${n}`;

  /* Put in what changed, piece by piece, so that charts of what stayed the same are not drawn again. */
  function put(text, isSame) {
    const fresh = new DOMParser().parseFromString(text, "text/html").querySelector("[data-shown]");
    if (!fresh) return;
    const pieces = (root) => [...root.querySelectorAll("[data-part]")];
    const ids = (root) => pieces(root).map((one) => one.id).join();
    const now = stage.querySelector("[data-shown]");
    if (isSame && now && ids(now) === ids(fresh)) {
      for (const one of pieces(now)) {
        const html = fresh.querySelector(`#${one.id}`).innerHTML;
        if (one.servedAs === html) continue;
        const before = [...one.querySelectorAll("data[data-kpi]")].map((figure) => figure.value);
        one.innerHTML = html;
        one.servedAs = html;
        const changed = [...one.querySelectorAll("data[data-kpi]")].filter((figure, n) => before[n] !== undefined && before[n] !== figure.value);
        changed.forEach((figure) => figure.classList.add("changed"));
        setTimeout(() => changed.forEach((figure) => figure.classList.remove("changed")), 2500);
      }
    } else {
      stage.replaceChildren(fresh);
      for (const one of pieces(fresh)) one.servedAs = one.innerHTML;
      stage.scrollTop = 0;
    }
    document.dispatchEvent(new Event("board:changed"));
  }

  async function show(n, isSame) {
    const answer = await fetch(address(n), { cache: "no-store", redirect: "manual", headers: isSame && tags.get(n) ? { "If-None-Match": tags.get(n) } : {} });
    if (answer.status === 403) return location.reload(); // no longer paired
    if (answer.status === 304) heardAt = Date.now();
    if (!answer.ok) return;
    heardAt = Date.now();
    tags.set(n, answer.headers.get("ETag"));
    put(await answer.text(), isSame);
  }

  async function hear() {
    const answer = await fetch(wall.dataset.state, { cache: "no-store" });
    if (!answer.ok) return;
    const fresh = await answer.json();
    heardAt = Date.now();
    if (!fresh.paired || fresh.version !== state.version) return location.reload();
    state = fresh;
    for (const one of state.milestones) {
      if (!seen.has(one.key) && !isFirst) waiting.push(one);
      seen.add(one.key);
    }
    isFirst = false;
  }

  function celebrate() {
    if (Date.now() < celebratesUntil) return;
    const one = waiting.shift();
    party.hidden = !one;
    if (!one) return;
    celebratesUntil = Date.now() + CELEBRATED;
    party.querySelector("[data-what]").textContent = one.what;
    party.querySelector("[data-about]").textContent = one.about;
  }

  /* Whatever does not fit is shown screen by screen before the next board. */
  function turn() {
    if (Date.now() - shownAt < state.seconds * 1000) return false;
    shownAt = Date.now();
    if (stage.scrollTop + stage.clientHeight < stage.scrollHeight - 8) {
      const box = stage.getBoundingClientRect();
      const cut = (pieces) => [...stage.querySelectorAll(pieces)].map((one) => one.getBoundingClientRect()).find((one) => one.bottom > box.bottom + 4 && one.top < box.bottom);
      const next = [cut("section[data-part]"), cut("[data-part] :is(tr, li)")].find((one) => one && one.top > box.top + 16);
      stage.scrollBy({ top: next ? next.top - box.top : stage.clientHeight * 0.9 }); // a card that is cut begins the next screen; of one that is taller, a line
      return false;
    }
    stage.scrollTop = 0;
    if (state.boards < 2) return false;
    place = (place + 1) % state.boards;
    return true;
  }

  function tellAge() {
    const age = Date.now() - heardAt;
    old.hidden = age < PATIENCE;
    stage.classList.toggle("is-stale", !old.hidden);
    if (!old.hidden) old.querySelector("time").textContent = new Date(heardAt).toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
  }

  async function tick() {
    tellAge();
    celebrate();
    if (isAsking) return;
    const isTurned = turn();
    if (!isTurned && Date.now() - askedAt < EVERY) return;
    isAsking = true;
    askedAt = Date.now();
    try {
      await hear();
      if (place >= state.boards) place = 0;
      await show(place, !isTurned);
      if (Date.now() - began > AGAIN && Date.now() - heardAt < EVERY) location.reload(); // picks up what a new release brought
    } catch (error) {
      if (!(error instanceof TypeError || error instanceof SyntaxError)) throw error; // a server that does not answer is asked again
    } finally {
      isAsking = false;
    }
  }

  if (stage) {
    for (const one of stage.querySelectorAll("[data-part]")) one.servedAs = one.innerHTML;
    tick();
    setInterval(tick, 500);
    document.addEventListener("keydown", (event) => {
      if (event.key === "f" && document.fullscreenEnabled) document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen();
    });
    document.getElementById("fill")?.addEventListener("click", () => document.documentElement.requestFullscreen());
  } else {
    /* Not paired yet: asks whether somebody has typed the code. */
    setInterval(async () => {
      try {
        const answer = await fetch(wall.dataset.state, { cache: "no-store" });
        if (answer.ok && ((await answer.json()).paired || Date.now() - began > wall.dataset.ends * 1000)) location.reload();
      } catch (error) {
        if (!(error instanceof TypeError)) throw error;
      }
    }, 3000);
  }
}
