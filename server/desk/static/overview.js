// Draws tables with [data-plot] above themselves. The table stays: for those who hear it, and to be copied.
(() => {
  const cell = (td) => Number(td.dataset.value ?? 0);
  const read = (table) => {
    const heads = [...table.tHead.rows[0].cells].slice(1).map((th) => th.textContent);
    const rows = [...table.tBodies[0].rows];
    return {
      heads,
      labels: rows.map((row) => row.cells[0].textContent),
      values: heads.map((_, i) => rows.map((row) => cell(row.cells[i + 1]))),
      words: (x, i) => rows[x].cells[i + 1].textContent.trim(),
      link: (x, i) => (rows[x].cells[i + 1]?.querySelector("a") ?? rows[x].querySelector("a"))?.href,
      share: rows[0]?.cells[1].hasAttribute("data-share"),
    };
  };
  // Colours are looked up on the plot, where the style sheet has them for light and dark.
  const resolve = (box, name) => {
    const probe = box.appendChild(document.createElement("i"));
    probe.style.color = `var(${name})`;
    const found = getComputedStyle(probe).color;
    probe.remove();
    return found;
  };
  const short = (language, share) => {
    const format = new Intl.NumberFormat(language, share ? { style: "percent", maximumFractionDigits: 1 } : { notation: "compact" });
    return (value) => format.format(value);
  };
  const swatch = (colour) => {
    const mark = document.createElement("i");
    mark.style.background = colour;
    return mark;
  };

  const draw = (table) => {
    const box = table.closest(".figure-card").querySelector(".plot");
    const kind = table.dataset.plot;
    const data = read(table);
    const count = data.labels.length;
    const drawn = kind === "line" ? data.values.slice(0, 1) : data.values;
    const colours = drawn.map((_, i) => {
      const last = kind === "stacked" && i === drawn.length - 1;
      const failed = kind === "bars" && i === 2;
      return resolve(box, failed ? "--bad-series" : `--s${last ? 7 : i + 1}`);
    });
    const ink = resolve(box, "--quiet"), rule = resolve(box, "--rule");
    const axis = { stroke: ink, grid: { show: false }, ticks: { show: false }, font: "12px system-ui, sans-serif" };
    const written = short(document.documentElement.lang, data.share);
    // Stacked: each is drawn from nought to the sum of those below it, the highest first.
    const sums = [];
    drawn.forEach((values, i) => sums.push(values.map((value, x) => value + (kind === "stacked" && i ? sums[i - 1][x] : 0))));
    const order = drawn.map((_, i) => (kind === "stacked" ? drawn.length - 1 - i : i));
    const side = kind === "bars" && drawn.length > 1;
    const bars = (i) => (u, s, from, to) =>
      uPlot.paths.bars({ size: [side ? 0.78 / drawn.length : 0.72, 46], align: 0, radius: 0.15, ...(side ? { disp: {
        x0: { unit: 1, values: (u) => u.data[0].map((x) => x - 0.39 + (i * 0.78) / drawn.length) },
        size: { unit: 1, values: (u) => u.data[0].map(() => 0.74 / drawn.length) },
      } } : {}) })(u, s, from, to);
    const series = order.map((i) => ({
      label: data.heads[i],
      stroke: kind === "line" ? colours[i] : undefined,
      width: kind === "line" ? 2 : 0,
      fill: kind === "line" ? colours[i].replace("rgb(", "rgba(").replace(")", ", .12)") : colours[i],
      paths: kind === "line" ? undefined : bars(i),
      points: { show: kind === "line" && count < 3, fill: colours[i] },
    }));
    const most = Math.max(data.share ? 0.02 : 4, ...sums.flat());
    const nearest = (u) => {
      const x = u.cursor.idx;
      if (x == null) return null;
      if (kind === "line") return 0;
      if (side) return Math.min(drawn.length - 1, Math.max(0, Math.floor(((u.posToVal(u.cursor.left, "x") - x + 0.39) / 0.78) * drawn.length)));
      const y = u.posToVal(u.cursor.top, "y");
      const hit = sums.findIndex((values) => values[x] >= y);
      return hit < 0 ? drawn.length - 1 : hit;
    };
    const tip = document.createElement("div");
    tip.className = "tip";
    tip.hidden = true;
    const show = (u) => {
      const x = u.cursor.idx;
      tip.hidden = x == null || u.cursor.left < 0;
      if (tip.hidden) return;
      const title = document.createElement("b");
      title.textContent = data.labels[x];
      const lines = data.heads.map((head, i) => {
        const line = document.createElement("span");
        if (colours[i]) line.append(swatch(colours[i]));
        line.append(`${head} ${data.words(x, i)}`);
        return line;
      });
      tip.replaceChildren(title, ...lines);
      const left = u.cursor.left + u.over.offsetLeft;
      tip.style.left = `${left > box.clientWidth / 2 ? left - tip.offsetWidth - 10 : left + 24}px`;
      tip.style.top = `${Math.max(0, u.cursor.top - 10)}px`;
    };
    const step = Math.max(1, Math.ceil(count / Math.max(2, Math.floor(box.clientWidth / 70))));
    box.replaceChildren();
    const u = new uPlot({
      width: Math.max(200, box.clientWidth - 24),
      height: 196,
      legend: { show: false },
      padding: [10, 8, 0, 0],
      cursor: { y: false, drag: { x: false, y: false }, points: { show: kind === "line" } },
      scales: { x: { time: false, range: [-0.5, count - 0.5] }, y: { range: [0, most * 1.08] } },
      axes: [
        { ...axis, splits: () => data.labels.map((_, x) => x).filter((x) => x % step === 0), values: (_, at) => at.map((x) => data.labels[x] ?? "") },
        { ...axis, size: 46, grid: { stroke: rule, width: 1 }, values: (_, at) => at.map((y) => (data.share || Number.isInteger(y) ? written(y) : "")) },
      ],
      series: [{}, ...series],
      hooks: { setCursor: [show] },
    }, [data.labels.map((_, x) => x), ...order.map((i) => sums[i])], box);
    u.root.querySelector("canvas").setAttribute("aria-hidden", "true");
    u.over.addEventListener("click", () => {
      const i = nearest(u), to = i != null && data.link(u.cursor.idx, i);
      if (to) location.assign(to);
    });
    box.append(tip);
    if (drawn.length > 1) {
      const legend = document.createElement("ul");
      legend.className = "legend";
      legend.setAttribute("aria-hidden", "true");
      legend.append(...drawn.map((_, i) => {
        const line = document.createElement("li");
        line.append(swatch(colours[i]), data.heads[i]);
        return line;
      }));
      box.prepend(legend);
    }
    box.dataset.drawn = "";
  };

  const all = () => document.querySelectorAll("table[data-plot]").forEach(draw);
  all();
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", all);
  let later;
  let width = innerWidth;
  addEventListener("resize", () => {
    if (innerWidth === width) return;
    width = innerWidth;
    clearTimeout(later);
    later = setTimeout(all, 150);
  });
})();
