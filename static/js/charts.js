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

  function draw(canvas) {
    const source = document.getElementById(canvas.dataset.chart);
    if (!source || typeof Chart === "undefined") return;
    const drawing = JSON.parse(source.textContent);
    const { lines, labels, locale, currency, words } = drawing;
    const accent = colour("--accent"), quiet = colour("--ink-3"), rule = colour("--line"), ink = colour("--ink-2");
    const short = new Intl.NumberFormat(locale, { notation: "compact", maximumFractionDigits: 2 });
    const whole = new Intl.NumberFormat(locale, { style: "currency", currency, maximumFractionDigits: 0 });
    const font = { family: getComputedStyle(document.body).fontFamily, size: 11 };
    const isRightToLeft = document.documentElement.dir === "rtl";
    drawn.get(canvas)?.destroy();
    drawn.set(canvas, new Chart(canvas, {
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
    }));
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
