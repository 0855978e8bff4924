/* Draws every [data-chart] from the JSON beside it. The table under it has the same numbers. */
"use strict";
{
  const drawn = new Map();

  function colour(name) {
    const probe = document.createElement("span");
    probe.className = "hush";
    probe.style.color = `var(${name})`;
    document.body.append(probe);
    const found = getComputedStyle(probe).color;
    probe.remove();
    return found;
  }

  function line(values, stroke, extra) {
    return { data: values, borderColor: stroke, borderWidth: 2, pointRadius: 0, pointHitRadius: 12, spanGaps: false, tension: 0, ...extra };
  }

  function look(drawing) {
    const { locale, currency } = drawing;
    return {
      accent: colour("--accent"), quiet: colour("--ink-3"), rule: colour("--line"), ink: colour("--ink-2"),
      short: new Intl.NumberFormat(locale, { notation: "compact", maximumFractionDigits: 2 }),
      whole: new Intl.NumberFormat(locale, { style: "currency", currency, maximumFractionDigits: 0 }),
      font: { family: getComputedStyle(document.body).fontFamily, size: 11 },
      isRightToLeft: document.documentElement.dir === "rtl",
    };
  }

  function course(drawing) {
    const { lines, labels, locale, words } = drawing;
    const { accent, quiet, rule, ink, short, whole, font, isRightToLeft } = look(drawing);
    return {
      type: "line",
      data: {
        labels,
        datasets: [
          line(lines.actual, accent, { label: words.actual, borderWidth: 3 }),
          line(lines.plan, quiet, { label: words.plan, borderWidth: 1.5 }),
          line(lines.projected, accent, { label: words.projected, borderDash: [4, 5] }),
        ].filter((one) => one.data.some((value) => value !== null)),
      },
      options: {
        locale,
        animation: false,
        responsive: true,
        maintainAspectRatio: false,
        interaction: { mode: "index", intersect: false },
        plugins: {
          legend: { display: false },
          tooltip: { rtl: isRightToLeft, callbacks: { label: (item) => ` ${item.dataset.label} ${whole.format(item.parsed.y)}` } },
        },
        scales: {
          x: { reverse: isRightToLeft, grid: { display: false }, border: { color: rule }, ticks: { color: ink, font, maxRotation: 0, autoSkipPadding: 24, maxTicksLimit: 8 } },
          y: {
            beginAtZero: true,
            position: isRightToLeft ? "right" : "left",
            grid: { color: rule, tickLength: 0 },
            border: { display: false },
            ticks: { color: ink, font, padding: 8, maxTicksLimit: 6, callback: (value) => short.format(value) },
          },
        },
      },
    };
  }

  /* Floating bars; where there is no room for their names side by side, they lie under each other. */
  function falls(drawing, canvas) {
    const { bars, begin, locale } = drawing;
    const { rule, ink, short, whole, font, isRightToLeft } = look(drawing);
    const tones = { total: colour("--bar"), ahead: colour("--ahead"), behind: colour("--behind"), quiet: colour("--ink-3") };
    const lies = canvas.parentElement.clientWidth < bars.length * 90;
    const names = { reverse: isRightToLeft && !lies, position: lies && isRightToLeft ? "right" : lies ? "left" : "bottom", grid: { display: false }, border: { color: rule }, ticks: { color: ink, font, maxRotation: 0, autoSkip: false } };
    const amounts = { beginAtZero: !begin, min: begin || undefined, reverse: isRightToLeft && lies, position: lies ? "bottom" : isRightToLeft ? "right" : "left", grid: { color: rule, tickLength: 0 }, border: { display: false }, ticks: { color: ink, font, padding: 8, maxTicksLimit: lies ? 4 : 6, callback: (value) => short.format(value) } };
    return {
      type: "bar",
      data: { labels: bars.map((bar) => bar.name), datasets: [{ data: bars.map((bar) => [bar.from, bar.to]), backgroundColor: bars.map((bar) => tones[bar.tone]), borderRadius: 2, borderSkipped: false, minBarLength: 2, maxBarThickness: 56 }] },
      options: {
        locale,
        indexAxis: lies ? "y" : "x",
        animation: false,
        responsive: true,
        maintainAspectRatio: false,
        onClick: (event, hit) => { if (hit.length && bars[hit[0].index].url) location.assign(bars[hit[0].index].url); },
        onHover: (event, hit) => canvas.classList.toggle("opens", Boolean(hit.length && bars[hit[0].index].url)),
        plugins: {
          legend: { display: false },
          tooltip: { rtl: isRightToLeft, displayColors: false, callbacks: { label: (item) => whole.format(bars[item.dataIndex].amount) } },
        },
        scales: lies ? { x: amounts, y: names } : { x: names, y: amounts },
      },
    };
  }

  function draw(canvas) {
    const source = document.getElementById(canvas.dataset.chart);
    if (!source || typeof Chart === "undefined") return;
    const drawing = JSON.parse(source.textContent);
    drawn.get(canvas)?.destroy();
    drawn.set(canvas, new Chart(canvas, drawing.bars ? falls(drawing, canvas) : course(drawing)));
  }

  function drawAll() {
    for (const [canvas, chart] of drawn) {
      if (!canvas.isConnected) {
        chart.destroy();
        drawn.delete(canvas);
      }
    }
    document.querySelectorAll("canvas[data-chart]").forEach(draw);
  }

  document.addEventListener("board:changed", drawAll);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawAll);
  drawAll();
}
