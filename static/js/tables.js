/* Makes the columns of [data-sorts] tables sortable: a press on a head sorts, another turns it round. Rows without a value stay last. */
"use strict";
{
  const texts = new Intl.Collator(document.documentElement.lang);

  function sort(table, n, isUp) {
    const body = table.tBodies[0];
    const value = (row) => {
      const cell = row.cells[n], raw = cell.dataset.value;
      return raw === undefined ? cell.textContent.trim() : raw === "" ? null : Number(raw);
    };
    const rows = [...body.rows].map((row) => [value(row), row]);
    rows.sort(([a], [b]) => (a === null) - (b === null) || (typeof a === "string" ? texts.compare(a, b) : a - b) * (isUp ? 1 : -1));
    body.append(...rows.map(([, row]) => row));
    [...table.tHead.rows[0].cells].forEach((head, m) => m === n ? head.setAttribute("aria-sort", isUp ? "ascending" : "descending") : head.removeAttribute("aria-sort"));
    table.dataset.sorted = `${n}${isUp ? "+" : "-"}`;
  }

  function ready() {
    for (const table of document.querySelectorAll("table[data-sorts]:not([data-ready])")) {
      table.dataset.ready = "";
      [...table.tHead.rows[0].cells].forEach((head, n) => {
        if (head.dataset.unsorted !== undefined) return;
        const button = Object.assign(document.createElement("button"), { type: "button" });
        button.append(...head.childNodes);
        head.append(button);
        button.addEventListener("click", () => sort(table, n, table.dataset.sorted === `${n}-` || (n === 0 && table.dataset.sorted !== "0+")));
      });
    }
  }

  document.addEventListener("board:changed", ready);
  ready();
}
