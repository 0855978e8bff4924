/* Keeps a board fresh: asks its own address every few seconds and puts in only the parts that changed. */
"use strict";
{
  const EVERY = 4000, MARKED = 2500, PATIENCE = 15000;
  const board = document.querySelector("[data-live]");
  const says = document.querySelector("[data-live-says]"), lost = document.querySelector("[data-live-lost]");
  const parts = () => [...(board?.querySelectorAll("[data-part]") ?? [])];
  const served = new Map(parts().map((part) => [part.id, part.innerHTML])); // before any script drew in it
  let tag = board?.dataset.tag ?? null, isAsking = false, heardAt = Date.now(), isOld = board?.classList.contains("is-stale");

  /* Cards say so when their numbers are old: because they wait to be counted, or because no server answers. */
  function judge() {
    const isLost = !document.hidden && Date.now() - heardAt > PATIENCE;
    if (isLost && lost?.hidden) lost.querySelector("time").textContent = new Date(heardAt).toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
    if (lost) lost.hidden = !isLost;
    board.classList.toggle("is-stale", isLost || isOld);
  }

  function age() {
    const words = new Intl.RelativeTimeFormat(document.documentElement.lang, { numeric: "auto" });
    for (const one of document.querySelectorAll("time[data-age]")) {
      const minutes = Math.round((new Date(one.dateTime) - Date.now()) / 60000);
      const text = minutes > -1 ? "" : minutes > -60 ? words.format(minutes, "minute") : minutes > -1440 ? words.format(Math.round(minutes / 60), "hour") : words.format(Math.round(minutes / 1440), "day");
      if (one.textContent !== text) one.textContent = text;
    }
  }

  function opened(part) {
    return [...part.querySelectorAll("details")].map((one) => one.open);
  }

  function scrolled(part) {
    return [...part.querySelectorAll(".scroll")].map((one) => one.scrollTop);
  }

  function focused(part) {
    const active = document.activeElement;
    return part.contains(active) ? [...part.querySelectorAll("a, button, summary, input, [tabindex]")].indexOf(active) : -1;
  }

  function figures(part) {
    return [...part.querySelectorAll("data[data-kpi]")];
  }

  function isBeingUsed(part) {
    return part.contains(document.activeElement) && document.activeElement.matches("input, select, textarea");
  }

  function put(part, html) {
    const open = opened(part), tops = scrolled(part), focus = focused(part), before = figures(part).map((one) => one.value);
    part.innerHTML = html;
    served.set(part.id, html);
    part.querySelectorAll("details").forEach((one, n) => { one.open = open[n] ?? one.open; });
    part.querySelectorAll(".scroll").forEach((one, n) => { one.scrollTop = tops[n] ?? 0; });
    if (focus >= 0) part.querySelectorAll("a, button, summary, input, [tabindex]")[focus]?.focus({ preventScroll: true });
    const changed = figures(part).filter((one, n) => before[n] !== undefined && before[n] !== one.value);
    changed.forEach((one) => one.classList.add("changed"));
    setTimeout(() => changed.forEach((one) => one.classList.remove("changed")), MARKED);
    return changed.length > 0;
  }

  function take(text) {
    const fresh = new DOMParser().parseFromString(text, "text/html").querySelector("[data-live]");
    const ids = (root) => [...root.querySelectorAll("[data-part]")].map((part) => part.id).join();
    if (!fresh || ids(fresh) !== ids(board)) return location.reload();
    let hasNews = false, hasMoved = false;
    isOld = fresh.classList.contains("is-stale");
    for (const part of parts()) {
      const html = fresh.querySelector(`#${part.id}`).innerHTML;
      if (html === served.get(part.id) || isBeingUsed(part)) continue;
      hasMoved = true;
      hasNews = put(part, html) || hasNews;
    }
    if (hasMoved) document.dispatchEvent(new Event("board:changed"));
    if (hasNews && says) says.textContent = says.dataset.words;
  }

  async function ask() {
    if (document.hidden || isAsking) return;
    isAsking = true;
    try {
      const answer = await fetch(location.href, { cache: "no-store", redirect: "manual", headers: tag ? { "If-None-Match": tag } : {} });
      if (answer.status < 500) heardAt = Date.now();
      if (answer.type === "opaqueredirect") location.reload(); // signed out meanwhile
      if (answer.ok) {
        tag = answer.headers.get("ETag");
        take(await answer.text());
      }
    } catch (error) {
      if (!(error instanceof TypeError)) throw error; // a server that does not answer is asked again
    } finally {
      isAsking = false;
      judge();
    }
  }

  if (board) {
    age();
    setInterval(age, EVERY);
    setInterval(ask, EVERY);
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden) heardAt = Math.max(heardAt, Date.now() - PATIENCE); // who comes back waits for one answer
      ask();
    });
  }
}
