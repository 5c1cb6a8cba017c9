"use strict";
// Sorting and filtering of tables, light or dark; a page says all it has to say without them.
(() => {
  const said = (cell) => (cell.querySelector("summary, a") || cell).textContent.trim();
  const amount = (text) => {
    const found = text.replace(/,/g, "").replace("−", "-").match(/^[+-]?\d+(\.\d+)?/);
    return found ? parseFloat(found[0]) : null;
  };
  const compared = (a, b) => {
    const [x, y] = [amount(a), amount(b)];
    if (x !== null && y !== null) return x - y;
    if (x !== null || y !== null) return x !== null ? -1 : 1;
    return a.localeCompare(b, "zh-CN");
  };
  const sortable = (table, rows, totals) => {
    const body = table.tBodies[0];
    [...table.tHead.rows[0].cells].forEach((head, column) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "cf-sort";
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        const now = head.getAttribute("aria-sort");
        const next = now === "descending" ? "ascending" : now === "ascending" ? "" : "descending";
        for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
        if (next) head.setAttribute("aria-sort", next);
        const sign = next === "descending" ? -1 : 1;
        const key = (row) => said(row.cells[column]);
        const counts = /cf-(figure|change|percent)/.test(head.className);
        const empty = (row) => (counts ? amount(key(row)) === null : key(row) === "");
        const order = (a, b) => empty(a) - empty(b) || sign * compared(key(a), key(b));
        body.append(...(next ? [...rows].sort(order) : rows), ...totals);
      });
    });
  };
  const filterable = (table, rows) => {
    const block = table.closest(".cf-scroll");
    const fold = block.previousElementSibling;
    const tools = document.createElement("p");
    tools.className = "cf-tools";
    const label = document.createElement("label");
    const input = document.createElement("input");
    const count = document.createElement("output");
    input.type = "search";
    label.append(table.dataset.find || "筛选", " ", input);
    tools.append(label, " ", count);
    (fold && fold.matches(".cf-fold") ? fold : block).before(tools);
    input.addEventListener("input", () => {
      const wanted = input.value.trim();
      table.classList.toggle("cf-filtered", wanted !== "");
      let shown = 0;
      for (const row of rows) {
        row.hidden = !row.textContent.includes(wanted);
        shown += row.hidden ? 0 : 1;
      }
      count.textContent = wanted ? `${shown}/${rows.length}行` : "";
    });
  };
  const themed = () => {
    const root = document.documentElement;
    const button = document.createElement("button");
    const dark = () =>
      root.dataset.theme === "dark" ||
      (!root.dataset.theme && matchMedia("(prefers-color-scheme: dark)").matches);
    const name = () => { button.textContent = dark() ? "浅色" : "深色"; };
    button.type = "button";
    button.className = "theme";
    button.title = "切换浅色、深色";
    button.addEventListener("click", () => {
      root.dataset.theme = dark() ? "light" : "dark";
      name();
    });
    name();
    const formats = document.querySelector(".top .formats");
    (formats || document.querySelector(".top"))?.append(button);
  };
  themed();
  for (const table of document.querySelectorAll("table.cf-table")) {
    const all = [...table.tBodies[0].rows];
    const rows = all.filter((row) => !row.classList.contains("cf-strong"));
    const totals = all.filter((row) => row.classList.contains("cf-strong"));
    // 其中 rows stay under their total.
    if (rows.length > 4 && !table.querySelector("[class*=cf-in1], [class*=cf-in2]")) {
      sortable(table, rows, totals);
    }
    if (rows.length > 12) filterable(table, rows);
  }
})();
