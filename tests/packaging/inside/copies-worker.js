import results from "./copies.js";

export default { fetch: async () => Response.json(await results()) };
