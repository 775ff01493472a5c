import { sessions } from "ets-session";

export const greeting = "hello";

export const guarded = (handler) => sessions({ table: "visits" }).handle(handler);
