/** The sessions of one subject, and their end. */
import type { SubjectView } from "../wire.js";
import { ask, Refused, tell } from "./ask.js";
import { h, write } from "./dom.js";
import { clock, count, span } from "./format.js";

/** The oldest; who has more is ended as a whole. */
const SHOWN = 12;

export function subject(): HTMLElement {
  const name = h("input", { id: "subject", autocomplete: "off", spellcheck: "false", required: true });
  const status = h("p", { class: "note", role: "status", id: "ended" });
  const found = h("ul", { class: "sessions" });

  const whose = () => name.value.trim();
  const failed = (error: unknown) => {
    found.replaceChildren();
    write(status, error instanceof Refused ? `Refused: ${error.message}` : "No answer.");
  };

  async function list(said = ""): Promise<void> {
    const subject = whose();
    const { sessions } = await ask<SubjectView>("subject", { subject });
    const now = Date.now();
    found.replaceChildren(
      ...sessions
        .slice(0, SHOWN)
        .map(({ id, createdAt, touchedAt, expiresAt }) =>
          h(
            "li",
            {},
            h("code", {}, id.slice(0, 12)),
            button(`End ${id.slice(0, 12)}`, "End", { subject, id }),
            h(
              "p",
              { class: "note" },
              `since ${clock(createdAt)}, seen ${span(now - touchedAt)} ago, expires in ${span(expiresAt - now)}`,
            ),
          ),
        ),
      ...(sessions.length > SHOWN
        ? [h("li", { class: "note" }, `and ${count(sessions.length - SHOWN)} more`)]
        : []),
      ...(sessions.length > 1
        ? [h("li", {}, button("End all", `End all ${sessions.length}`, { subject }))]
        : []),
    );
    const has =
      sessions.length === 1 ? "one session" : `${sessions.length === 0 ? "no" : sessions.length} sessions`;
    write(status, `${said}${subject} has ${has}${said ? " now" : ""}.`);
  }

  function button(label: string, text: string, what: { subject: string; id?: string }): HTMLElement {
    const end = h(
      "button",
      {
        type: "button",
        class: "end",
        "aria-label": label,
        onclick: () => {
          // Twice, because it can't be taken back.
          if (end.dataset.sure === undefined) {
            end.dataset.sure = "";
            return write(end, `${text}: sure?`);
          }
          tell<{ ended: number }>(what)
            .then(({ ended }) => list(ended === 0 ? "It had ended already. " : `Ended ${ended}. `))
            .then(() => name.focus())
            .catch(failed);
        },
        onblur: () => {
          delete end.dataset.sure;
          write(end, text);
        },
      },
      text,
    );
    return end;
  }

  const form = h(
    "form",
    {
      class: "bar",
      onsubmit: (event) => {
        event.preventDefault();
        list().catch(failed);
      },
    },
    h("label", { for: "subject" }, "Subject "),
    name,
    h("button", { type: "submit" }, "Find"),
  );
  return h(
    "section",
    { "aria-labelledby": "whose" },
    h("h2", { id: "whose" }, "A subject’s sessions"),
    form,
    status,
    found,
  );
}
