import { accountActions } from "./account.js";
import { change, productOf } from "./shop.js";

const STRANGERS = 500;

/** What each form does to the session. The answer is where to go next. */
export const actions = {
  ...accountActions,

  "/cart"({ session, form }) {
    const product = productOf(form.get("item"));
    const by = Number(form.get("by"));
    if (product === undefined) return "/";
    session.set("cart", change(session.get("cart", new Map()), product.id, by));
    session.flash("notice", by > 0 ? `${product.name} is in your basket.` : `${product.name} is put back.`);
    return "/";
  },

  "/checkout"({ session }) {
    session.delete("cart");
    session.flash("notice", "Thank you. Nothing was charged, and nothing will arrive.");
    return "/";
  },

  async "/strangers"({ session, url, visitors }) {
    for (let i = 0; i < STRANGERS; i++) {
      const stranger = await visitors.open(new Request(url.origin));
      stranger.set("visits", 1).set("cart", new Map([["cup", 1 + (i % 3)]]));
      await visitors.commit(stranger, new Response(null));
    }
    session.flash("notice", `${STRANGERS} strangers came in, each with a row of their own.`);
    return "/";
  },
};

/** Instead of any of them, when the cookie leads nowhere any more. */
export function tooLate(session) {
  session.flash("notice", "Your session had ended, so nothing was done. This is a new one.");
  return "/";
}
