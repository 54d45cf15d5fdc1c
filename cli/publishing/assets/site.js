// Searches, filters and sorts the register's table. The page is complete without it.
"use strict";

(() => {
  const form = document.getElementById("filters");
  const table = document.getElementById("register");
  if (!form || !table) return;

  const PAGE = 100;
  const count = document.getElementById("count");
  const more = document.getElementById("more");
  const body = table.tBodies[0];
  const heads = [...table.tHead.rows[0].cells];
  const lang = document.documentElement.lang;
  const number = new Intl.NumberFormat(lang === "en" ? "en-CA" : lang === "fr" ? "fr-CA" : lang);
  const FILTERS = { state: "s", type: "t", country: "c", year: "y" };
  const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  const rows = [...body.rows].map((row, place) => ({ row, place, of: row.dataset, text: null, keys: {} }));
  let sorted = "";
  let shown = PAGE;

  const text = (one) => (one.text ??= fold(one.row.textContent));

  // What a cell is sorted by: a key of its own, a day, or its text.
  function key(one, column) {
    return (one.keys[column] ??= (() => {
      const cell = one.row.cells[column];
      const time = cell.querySelector("time");
      return cell.dataset.k ?? (time ? time.dateTime : fold((cell.querySelector("bdi") ?? cell).textContent.trim()));
    })());
  }

  function sort(by) {
    if (by === sorted) return;
    sorted = by;
    const back = by.startsWith("-");
    const column = heads.findIndex((head) => head.dataset.sort === by.replace("-", ""));
    rows.sort((a, b) => {
      if (column < 0) return a.place - b.place;
      const [x, y] = [key(a, column), key(b, column)];
      if (!x || !y) return (y ? 1 : 0) - (x ? 1 : 0) || a.place - b.place; // What is not known comes last.
      return x === y ? a.place - b.place : (x < y) === back ? 1 : -1;
    });
    body.remove(); // Moving ten thousand rows one by one takes half a minute; taking them all out, nothing.
    body.replaceChildren();
    for (const one of rows) body.append(one.row);
    table.append(body);
    heads.forEach((head, place) => {
      if (place === column) head.setAttribute("aria-sort", back ? "descending" : "ascending");
      else head.removeAttribute("aria-sort");
    });
  }

  function show() {
    const words = fold(form.q.value).split(/\s+/).filter(Boolean);
    const asked = Object.entries(FILTERS)
      .map(([name, key]) => [key, form.elements[name]?.value])
      .filter(([, value]) => value);
    let found = 0;
    for (const one of rows) {
      const fits =
        asked.every(([key, value]) => one.of[key] === value) && words.every((word) => text(one).includes(word));
      if (fits) found += 1;
      const later = fits && found > shown;
      if (one.row.hidden !== !fits) one.row.hidden = !fits;
      if (one.row.classList.contains("later") !== later) one.row.classList.toggle("later", later);
    }
    const all = number.format(rows.length);
    const said = !found ? count.dataset.none : found < rows.length ? count.dataset.some : count.dataset.all;
    const told = said.replace("{shown}", number.format(found)).replace("{all}", all);
    if (count.textContent !== told) count.textContent = told;
    table.hidden = !found;
    more.hidden = found <= shown;
    const button = more.firstElementChild;
    button.textContent = button.dataset.words.replace("{more}", number.format(Math.min(PAGE, found - shown)));
  }

  // The view stands in the address, so that it can be shared, and goes along into the other language.
  function keep() {
    const view = new URLSearchParams([...new FormData(form)].filter(([, value]) => value));
    const hash = view.size ? `#${view}` : "";
    if (hash !== location.hash) history.replaceState(null, "", hash || location.pathname + location.search);
    for (const link of document.querySelectorAll(".languages a")) link.hash = hash;
  }

  function change() {
    sort(form.sort.value);
    show();
    keep();
  }

  function restore() {
    if (location.hash && !location.hash.includes("=")) return;
    const view = new URLSearchParams(location.hash.slice(1));
    for (const field of form.elements) if (field.name) field.value = view.get(field.name) ?? "";
    for (const field of form.querySelectorAll("select")) if (field.selectedIndex < 0) field.value = "";
    shown = PAGE;
    change();
  }

  for (const head of heads) {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    button.addEventListener("click", () => {
      const by = head.dataset.sort;
      form.sort.value = form.sort.value === by ? `-${by}` : by;
      change();
    });
    head.append(button);
  }
  let waiting = 0;
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      shown = PAGE;
      change();
    }, 60);
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(() => {
    shown = PAGE;
    change();
  }));
  more.firstElementChild.addEventListener("click", () => {
    const first = body.querySelector(".later");
    shown += PAGE;
    show();
    first?.querySelector("a")?.focus();
  });
  addEventListener("hashchange", restore);
  form.hidden = false;
  restore();
})();
