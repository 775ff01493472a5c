import { browserName } from "./browser-name.js";
import { short } from "./visitors.js";

const LONGEST_NAME = 40;

function nameIn(form) {
  const name = (form.get("name") ?? "")
    .normalize()
    .replace(/\p{Cc}/gu, "")
    .trim();
  return name.length > LONGEST_NAME ? "" : name;
}

const others = (count) => (count === 1 ? "The other browser has" : `The ${count} other browsers have`);

/** For actions that have a user: whoever has logged out in another window meanwhile is asked to log in. */
const ofUser = (action) => (request) =>
  request.session.subject === undefined ? "/account" : action(request, request.session.subject);

export const accountActions = {
  "/login"({ session, form, request }) {
    const name = nameIn(form);
    if (name === "") {
      session.flash("notice", `A name has 1 to ${LONGEST_NAME} characters.`);
      return "/account";
    }
    const browser = browserName(request.headers.get("User-Agent"));
    session.login(name, { browser, since: Date.now() }, { keep: ["cart", "visits"] });
    session.flash("notice", `Signed in as ${name}. Your row has a new id and the same basket.`);
    return "/account";
  },

  "/logout"({ session }) {
    const row = short(session.id);
    session.logout();
    return `/bye?row=${row}`;
  },

  "/logout/everywhere": ofUser(async ({ session, visitors }, name) => {
    const row = short(session.id);
    const { length } = await visitors.list(name);
    session.logout({ everywhere: true });
    return `/bye?row=${row}&rows=${length}`;
  }),

  "/logout/others": ofUser(async ({ session, visitors }, name) => {
    const ended = await visitors.revoke(name, { except: session });
    session.flash(
      "notice",
      ended === 0 ? "No other browser was signed in." : `${others(ended)} been signed out.`,
    );
    return "/account";
  }),

  "/logout/one": ofUser(async ({ session, form, visitors }, name) => {
    const id = form.get("id") ?? "";
    const one = (await visitors.list(name)).find((listed) => listed.id === id);
    const ended = await visitors.revoke(name, { id });
    session.flash(
      "notice",
      ended === 0 ? "That session had ended already." : `${one.meta.browser} has been signed out.`,
    );
    return "/account";
  }),
};
