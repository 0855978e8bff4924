/* Makes a picture of a card, for a chat or a slide: what is seen, whose it is and of when. Nothing leaves the browser but the file. */
"use strict";
{
  const SCALE = 2, EDGE = 16, NAMES = "http://www.w3.org/1999/xhtml";

  async function sheet() {
    const link = document.querySelector('link[rel="stylesheet"]');
    return (await fetch(link.href)).text();
  }

  /* A chart in the picture's own resolution, whatever the screen's is. */
  function sharp(canvas) {
    const chart = typeof Chart === "undefined" ? null : Chart.getChart(canvas);
    if (!chart) return canvas.toDataURL();
    const ratio = chart.options.devicePixelRatio;
    const at = (value) => { chart.options.devicePixelRatio = value; chart.resize(); chart.draw(); };
    at(Math.max(SCALE, devicePixelRatio));
    const drawing = canvas.toDataURL();
    at(ratio);
    return drawing;
  }

  /* A copy of the card as it is drawn, its charts as pictures, without what is to be pressed. */
  function copied(card) {
    const copy = card.cloneNode(true), charts = [...card.querySelectorAll("canvas")];
    copy.querySelectorAll("canvas").forEach((canvas, n) => {
      const picture = document.createElement("img");
      picture.src = sharp(charts[n]);
      picture.style.cssText = `inline-size:${charts[n].clientWidth}px;block-size:${charts[n].clientHeight}px;position:absolute;inset:0`;
      canvas.replaceWith(picture);
    });
    copy.querySelectorAll("script, .more, details, noscript").forEach((one) => one.remove());
    copy.querySelectorAll("a[href]").forEach((one) => one.removeAttribute("href"));
    copy.querySelectorAll(".scroll").forEach((one) => one.style.cssText = "overflow:hidden;max-block-size:none");
    copy.removeAttribute("id");
    return copy;
  }

  async function drawn(card) {
    const box = card.getBoundingClientRect(), root = document.documentElement;
    const caption = [...document.querySelectorAll("#head h1, #head .bar > :first-child p")].map((one) => one.textContent.replace(/\s+/g, " ").trim()).join(" · ");
    const body = document.createElementNS(NAMES, "body");
    body.className = document.querySelector("main").className.replace("page", "");
    body.setAttribute("dir", root.dir);
    const shape = `display:block;min-block-size:0;padding:${EDGE}px;block-size:100%;max-inline-size:none`;
    const frame = copied(card), foot = document.createElement("p");
    frame.style.cssText = `inline-size:${box.width}px`;
    foot.className = "small quiet";
    foot.style.cssText = "margin-block-start:8px";
    foot.textContent = caption;
    body.append(frame, foot);
    document.body.append(body); // measured where it is drawn like the page, then taken out again
    body.style.cssText = `${shape};position:absolute;visibility:hidden;inline-size:${box.width + 2 * EDGE}px;block-size:auto`;
    const width = Math.ceil(box.width + 2 * EDGE), height = Math.ceil(body.getBoundingClientRect().height);
    body.remove();
    body.style.cssText = shape;
    const scheme = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
    const style = document.createElementNS(NAMES, "style");
    style.textContent = `${await sheet()} :root { color-scheme: ${scheme} } * { animation: none !important }`;
    const outer = document.createElementNS(NAMES, "div");
    outer.append(style, body);
    const inside = new XMLSerializer().serializeToString(outer);
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><foreignObject width="100%" height="100%">${inside}</foreignObject></svg>`;
    const picture = new Image();
    picture.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
    await picture.decode();
    const canvas = Object.assign(document.createElement("canvas"), { width: width * SCALE, height: height * SCALE }), pen = canvas.getContext("2d");
    pen.scale(SCALE, SCALE);
    pen.fillStyle = getComputedStyle(document.body).backgroundColor;
    pen.fillRect(0, 0, width, height);
    pen.drawImage(picture, 0, 0);
    return new Promise((done, failed) => canvas.toBlob((blob) => blob ? done(blob) : failed(new Error("no picture")), "image/png"));
  }

  function save(blob, name) {
    const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(blob), download: name });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  }

  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-picture]");
    if (!button) return;
    const card = button.closest("section"), menu = button.closest("details");
    button.disabled = true;
    try {
      const blob = drawn(card);
      if (button.dataset.picture === "copy") await navigator.clipboard.write([new ClipboardItem({ "image/png": blob })]);
      else save(await blob, button.dataset.name);
      menu.open = false;
      menu.querySelector("summary").focus();
    } finally {
      button.disabled = false;
    }
  });

  /* Where a picture cannot be copied, as without HTTPS, it can still be saved. */
  document.addEventListener("toggle", (event) => {
    if (!event.target.matches?.(".more") || typeof ClipboardItem !== "undefined" && navigator.clipboard?.write) return;
    event.target.querySelectorAll('[data-picture="copy"]').forEach((one) => one.remove());
  }, true);
}
