import { change, productOf } from "./shop.js";
import { short, visitors } from "./visitors.js";

const STRANGERS = 500;
const LONGEST_NAME = 40;

/** What each form does to the session. The answer is where to go next. */
export const actions = {
  "/cart"(session, form) {
    const product = productOf(form.get("item"));
    const by = Number(form.get("by"));
    if (product === undefined) return "/";
    session.set("cart", change(session.get("cart", new Map()), product.id, by));
    session.set("notice", by > 0 ? `${product.name} is in your basket.` : `${product.name} is put back.`);
    return "/";
  },

  "/checkout"(session) {
    session.delete("cart");
    session.set("notice", "Thank you. Nothing was charged, and nothing will arrive.");
    return "/";
  },

  "/login"(session, form) {
    const name = (form.get("name") ?? "").replace(/\p{Cc}/gu, "").trim();
    if (name === "" || name.length > LONGEST_NAME) {
      session.set("notice", `A name has 1 to ${LONGEST_NAME} characters.`);
      return "/";
    }
    // A new id for a new standing: whoever knew the old one does not become this user.
    session.renew();
    session.set("user", name).set("since", new Date());
    session.set("notice", "You are logged in. Your row has a new id and the same basket.");
    return "/";
  },

  "/logout"(session) {
    const row = short(session.id);
    session.destroy();
    return row === undefined ? "/bye" : `/bye?row=${row}`;
  },

  async "/strangers"(session, _form, url) {
    // Asked for first: the visitor's own row is then younger than any stranger of an earlier round, and outlives them.
    const known = session.id !== undefined;
    for (let i = 0; i < STRANGERS; i++) {
      const stranger = await visitors.open(new Request(url.origin));
      stranger.set("visits", 1).set("cart", new Map([["cup", 1 + (i % 3)]]));
      await visitors.commit(stranger, new Response(null));
    }
    if (known) session.set("notice", `${STRANGERS} strangers came in, each with a row of their own.`);
    return "/";
  },
};
