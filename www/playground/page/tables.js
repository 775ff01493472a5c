/** The two tables of results. Text only, never markup. */

export function rows(id, lines) {
  const holder = document.getElementById(id);
  holder.hidden = lines.length === 0;
  holder.querySelector("tbody").replaceChildren(...lines.map(line));
}

function line([name, ...cells]) {
  const tr = document.createElement("tr");
  const th = document.createElement("th");
  th.scope = "row";
  th.textContent = name;
  tr.append(th);
  for (const cell of cells) tr.insertCell().textContent = cell;
  return tr;
}
