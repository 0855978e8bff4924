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

  const isGuest = (canvas) => Boolean(canvas.closest("[data-guest]")); // who sees the chart and may go no further

  function line(values, stroke, extra) {
    return { data: values, borderColor: stroke, borderWidth: 2, pointRadius: 0, pointHitRadius: 12, spanGaps: false, tension: 0, ...extra };
  }

  function look(drawing) {
    const { locale, currency } = drawing;
    return {
      accent: colour("--accent"), quiet: colour("--ink-3"), rule: colour("--line"), ink: colour("--ink-2"),
      short: new Intl.NumberFormat(locale, { notation: "compact", maximumFractionDigits: 2 }),
      whole: new Intl.NumberFormat(locale, { style: "currency", currency, maximumFractionDigits: 0 }),
      number: new Intl.NumberFormat(locale, { maximumFractionDigits: 1 }),
      font: { family: getComputedStyle(document.body).fontFamily, size: 11 },
      isRightToLeft: document.documentElement.dir === "rtl",
    };
  }

  function course(drawing, canvas) {
    const { lines, labels, days, opens, locale, words } = drawing;
    const open = (hit) => hit.length && days[hit[0].index] && !isGuest(canvas) ? opens + days[hit[0].index] : "";
    const { accent, quiet, rule, ink, short, whole, number, font, isRightToLeft } = look(drawing);
    const write = drawing.unit === "money" ? whole : number;
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
        onClick: (event, hit) => { if (open(hit)) location.assign(open(hit)); },
        onHover: (event, hit) => canvas.classList.toggle("opens", Boolean(open(hit))),
        plugins: {
          legend: { display: false },
          tooltip: { rtl: isRightToLeft, callbacks: { label: (item) => ` ${item.dataset.label} ${write.format(item.parsed.y)}` } },
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
    const open = (hit) => hit.length && !isGuest(canvas) ? bars[hit[0].index].url : "";
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
        onClick: (event, hit) => { if (open(hit)) location.assign(open(hit)); },
        onHover: (event, hit) => canvas.classList.toggle("opens", Boolean(open(hit))),
        plugins: {
          legend: { display: false },
          tooltip: { rtl: isRightToLeft, displayColors: false, callbacks: { label: (item) => whole.format(bars[item.dataIndex].amount) } },
        },
        scales: lies ? { x: amounts, y: names } : { x: names, y: amounts },
      },
    };
  }

  /* A running column is not over: it is hatched. */
  function hatched(tone) {
    const tile = Object.assign(document.createElement("canvas"), { width: 8, height: 8 }), pen = tile.getContext("2d");
    pen.strokeStyle = tone;
    pen.lineWidth = 2;
    for (const shift of [-8, 0, 8]) { pen.moveTo(shift, 8); pen.lineTo(shift + 8, 0); }
    pen.stroke();
    return pen.createPattern(tile, "repeat");
  }

  /* Writes the last value, or where there is room every one, beside what it belongs to. */
  const written = {
    id: "written",
    afterDatasetsDraw(chart, _args, options) {
      const { texts, isLine, edges, tone, quiet, font } = options, marks = chart.getDatasetMeta(chart.data.datasets.length - 1).data, pen = chart.ctx;
      if (!texts) return;
      const room = chart.chartArea.width / texts.length, last = texts.findLastIndex((text, n) => chart.data.datasets.at(-1).data[n] !== null);
      pen.save();
      pen.fillStyle = tone;
      pen.font = `600 ${font.size}px ${font.family}`;
      pen.textAlign = "center";
      texts.forEach((text, n) => {
        const isFitting = !isLine && pen.measureText(text).width < room - 4;
        if (!marks[n] || chart.data.datasets.at(-1).data[n] === null || !(isFitting || n === last)) return;
        const half = pen.measureText(text).width / 2, x = Math.min(Math.max(marks[n].x, chart.chartArea.left + half), chart.chartArea.right - half);
        pen.fillText(text, x, Math.max(marks[n].y - (isLine ? 10 : 6), chart.chartArea.top + 4));
      });
      if (edges && marks.length) { // ranges begin between the columns
        pen.fillStyle = quiet;
        pen.font = `${font.size}px ${font.family}`;
        const every = Math.ceil((Math.max(...edges.map((edge) => pen.measureText(edge).width)) + 8) / room), start = (chart.options.scales.x.reverse ? 1 : -1) * room / 2;
        edges.forEach((edge, n) => { if (n % every === 0) pen.fillText(edge, marks[n].x + start, chart.chartArea.bottom + 16); });
      }
      pen.restore();
    },
  };

  function columns(drawing, canvas) {
    const { columns: values, earlier, labels, texts, urls, isLine, isDense, edges, running, unit, locale, words } = drawing;
    const { accent, quiet, rule, ink, short, whole, number, font, isRightToLeft } = look(drawing);
    const write = unit === "money" || unit === "money_per_day" ? whole : number;
    const fills = values.map((_value, n) => n === running ? hatched(accent) : accent);
    const now = isLine
      ? line(values, accent, { label: words.now, borderWidth: 3, spanGaps: false, pointRadius: values.map((_value, n) => n === values.length - 1 ? 4 : 0), pointBackgroundColor: accent, segment: { borderDash: (part) => running !== null && part.p1DataIndex === running ? [4, 4] : undefined } })
      : { data: values, label: words.now, backgroundColor: fills, borderColor: accent, borderWidth: values.map((_value, n) => n === running ? 1 : 0), borderRadius: 2, maxBarThickness: 48, categoryPercentage: isDense ? 1 : 0.8, barPercentage: isDense ? 0.96 : 0.9 };
    const then = isLine
      ? line(earlier, quiet, { label: words.earlier, borderWidth: 1.5 })
      : { data: earlier, label: words.earlier, backgroundColor: colour("--track-2"), borderRadius: 2, maxBarThickness: 48, categoryPercentage: 0.8, barPercentage: 0.9 };
    const open = (hit) => hit.length && !isGuest(canvas) ? urls[hit[0].index] : "";
    return {
      type: isLine ? "line" : "bar",
      data: { labels, datasets: earlier.length ? [then, now] : [now] },
      options: {
        locale,
        animation: false,
        responsive: true,
        maintainAspectRatio: false,
        layout: { padding: { top: 18 } },
        interaction: { mode: "index", intersect: false },
        onClick: (event, hit) => { if (open(hit)) location.assign(open(hit)); },
        onHover: (event, hit) => canvas.classList.toggle("opens", Boolean(open(hit))),
        plugins: {
          legend: { display: false },
          written: { texts, isLine, edges, tone: colour("--ink"), quiet: ink, font },
          tooltip: { rtl: isRightToLeft, callbacks: { label: (item) => ` ${item.dataset.label} ${write.format(item.parsed.y)}` } },
        },
        scales: {
          x: { reverse: isRightToLeft, grid: { display: false }, border: { color: rule }, ticks: { color: ink, font, maxRotation: 0, autoSkipPadding: 12, ...edges && { callback: () => " " } } },
          y: { beginAtZero: !isLine, position: isRightToLeft ? "right" : "left", grid: { color: rule, tickLength: 0 }, border: { display: false }, ticks: { color: ink, font, padding: 8, maxTicksLimit: 5, callback: (value) => short.format(value) } },
        },
      },
      plugins: [written],
    };
  }

  function draw(canvas) {
    const source = document.getElementById(canvas.dataset.chart);
    if (!source || typeof Chart === "undefined") return;
    const drawing = JSON.parse(source.textContent);
    drawn.get(canvas)?.destroy();
    const made = drawing.bars ? falls(drawing, canvas) : drawing.columns ? columns(drawing, canvas) : course(drawing, canvas);
    drawn.set(canvas, new Chart(canvas, made));
    canvas.dataset.drawn = "";
  }

  function drawAll() {
    for (const [canvas, chart] of drawn) {
      if (!canvas.isConnected) {
        chart.destroy();
        drawn.delete(canvas);
      }
    }
    document.querySelectorAll("canvas[data-chart]").forEach(draw);
    performance.mark("kpiboard:drawn"); // benchmarks/screens reads it
  }

  /* Paper is white, whatever the screen is. */
  function redraw(scheme) {
    document.documentElement.style.colorScheme = scheme;
    drawAll();
    for (const chart of drawn.values()) chart.resize();
  }

  document.addEventListener("board:changed", drawAll);
  addEventListener("beforeprint", () => redraw("light"));
  addEventListener("afterprint", () => redraw(""));
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawAll);
  drawAll();
}
