/** A page of a table's rows. It is read when it is asked for, so that it stays while it is being looked at. */
import type { Chosen, RowView, Who } from "../wire.js";
import { ask } from "./ask.js";
import { histogram } from "./charts.js";
import { h, write } from "./dom.js";
import { clock, count, nameOf, span } from "./format.js";

const WHO: Array<[who: Who, text: string]> = [
  ["all", "all"],
  ["in", "with a subject"],
  ["out", "without"],
];

export class Rows {
  readonly element: HTMLElement = h("div");
  readonly #fail: (error: unknown) => void;
  #table = "";
  #who: Who = "all";
  #after: string | undefined;

  constructor(fail: (error: unknown) => void) {
    this.#fail = fail;
  }

  async show(table: string): Promise<void> {
    if (table !== this.#table) this.#after = undefined;
    this.#table = table;
    try {
      const chosen = await ask<Chosen>("rows", { table, who: this.#who, after: this.#after });
      if (table === this.#table) this.#draw(chosen);
    } catch (error) {
      this.#fail(error);
    }
  }

  #draw(chosen: Chosen): void {
    const { now, rows, after, expiry, size } = chosen;
    const again = (change: () => void) => () => {
      change();
      void this.show(this.#table);
    };
    const whose = h(
      "select",
      {
        id: "who",
        onchange: (event) => {
          this.#who = (event.target as HTMLSelectElement).value as Who;
          this.#after = undefined;
          void this.show(this.#table);
        },
      },
      ...WHO.map(([value, text]) => h("option", { value, selected: value === this.#who }, text)),
    );
    const focused = document.activeElement?.id;
    this.element.replaceChildren(
      h("h3", {}, "When rows expire"),
      histogram(expiry, size),
      h(
        "div",
        { class: "bar" },
        h("h3", {}, "Rows"),
        h("label", { for: "who" }, "Show "),
        whose,
        h("button", { type: "button", id: "again", onclick: again(() => {}) }, "Read again"),
        this.#after !== undefined &&
          h(
            "button",
            { type: "button", id: "first", onclick: again(() => (this.#after = undefined)) },
            "First page",
          ),
        after !== undefined &&
          h(
            "button",
            { type: "button", id: "next", onclick: again(() => (this.#after = after)) },
            "Next page",
          ),
      ),
      h(
        "p",
        { class: "note", role: "status" },
        rows.length === 0
          ? `No rows ${this.#who === "all" ? "" : "like that "}in ${nameOf(this.#table)}.`
          : `${count(rows.length)} rows, as they were at ${clock(now)}. Looking keeps none of them alive.`,
      ),
      h("div", { class: "rows" }, ...rows.map((row) => this.#row(row, now, this.#after))),
    );
    if (focused) document.getElementById(focused)?.focus();
  }

  #row(row: RowView, now: number, after: string | undefined): HTMLElement {
    const { id, subject, touchedAt, createdAt, expiresAt, version, fields } = row;
    return h(
      "details",
      {},
      h(
        "summary",
        {},
        h("code", {}, id.slice(0, 12)),
        h("span", { class: "subject" }, subject ?? ""),
        h("span", {}, `seen ${span(now - touchedAt)} ago`),
        h("span", {}, expiresAt === undefined ? "stays" : `expires in ${span(expiresAt - now)}`),
      ),
      h(
        "p",
        { class: "note" },
        `Made at ${clock(createdAt)}, ${span(now - createdAt)} ago. Version ${version}. Hash `,
        h("code", {}, id),
      ),
      h(
        "ul",
        { class: "fields" },
        ...fields.map(({ name, kind }) => this.#field(id, name, kind, after)),
        fields.length === 0 && h("li", {}, "no fields"),
      ),
    );
  }

  #field(id: string, field: string, kind: string, after: string | undefined): HTMLElement {
    const value = h("pre", { hidden: true, tabindex: 0 });
    const params = { table: this.#table, who: this.#who, after, id, field };
    const own = field.startsWith("(");
    const show = h(
      "button",
      {
        type: "button",
        "aria-expanded": "false",
        "aria-label": `Show ${field}`,
        onclick: async () => {
          const open = show.getAttribute("aria-expanded") === "true";
          show.setAttribute("aria-expanded", String(!open));
          write(show, open ? "Show" : "Hide");
          value.hidden = open;
          if (open) return write(value, "");
          await ask<{ text: string }>("field", params).then(
            ({ text }) => write(value, text),
            () => write(value, "gone, or on another page by now"),
          );
        },
      },
      "Show",
    );
    return h(
      "li",
      {},
      h("b", {}, field),
      h("span", {}, kind),
      own ? h("span", { class: "note" }, "the package’s own") : show,
      value,
    );
  }
}
