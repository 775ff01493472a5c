import { signIn, whereSignedIn } from "./account-html.js";
import { html } from "./html.js";
import { bye, howItWorks, missing, stale } from "./prose.js";
import { basket, goods, greeting } from "./shop-html.js";

const ROW = /^[\w-]{8}$/;

/**
 * What each page does with the session, and what it shows. One with `forms` stores the session that they belong to;
 * the others have forms where there is a session already, unless they say no.
 */
export const scenes = {
  "/"(session, _url, { durable }) {
    const visits = session.increment("visits");
    const cart = session.get("cart", new Map());
    return {
      title: "Tile & Table",
      forms: true,
      main: (token) =>
        html`${greeting({ visits, user: session.subject, durable })}
          <div class="wall">${goods(token)} ${basket(cart, token)}</div>`,
    };
  },

  async "/account"(session, _url, visitors) {
    const { id, subject: user } = session;
    if (user === undefined) return { title: "Sign in · Tile & Table", forms: true, main: signIn };
    const listed = await visitors.list(user);
    return {
      title: "Where you are signed in · Tile & Table",
      forms: true,
      main: (token) => whereSignedIn({ user, listed, id, token, now: Date.now() }),
    };
  },

  "/about": (_session, _url, { durable }) => ({
    title: "How it works · Tile & Table",
    main: () => howItWorks(durable),
  }),

  "/bye"(_session, { searchParams }) {
    const row = searchParams.get("row") ?? "";
    const rows = Number(searchParams.get("rows") ?? 1);
    const was = ROW.test(row) ? row : undefined;
    return {
      title: "Signed out · Tile & Table",
      was,
      main: () => bye({ was, rows: Number.isSafeInteger(rows) ? rows : 1 }),
    };
  },

  // Browsers ask for pages that there are none of by themselves: what was said to their user is not for these.
  missing(session) {
    session.ignore();
    return { status: 404, forms: false, title: "Not here · Tile & Table", main: missing };
  },

  stale(session) {
    session.ignore();
    return { status: 403, forms: false, title: "Out of date · Tile & Table", main: stale };
  },
};
