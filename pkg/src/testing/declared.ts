import type { Guarantees } from "../stores/contract.js";
import type { Case } from "./case.js";
import { check, same } from "./check.js";

export const EVERYTHING: Guarantees = { atomic: true, consistency: "strong", subjects: true };

export const declared: Case[] = [
  {
    name: "declared: what it guarantees, and methods to match",
    async run({ store, options }) {
      same({ ...store.guarantees }, options.guarantees ?? EVERYTHING, "guarantees");
      for (const method of ["load", "commit", "destroy"] as const) {
        same(typeof store[method], "function", method);
      }
      same(typeof store.bySubject, store.guarantees.subjects ? "function" : "undefined", "bySubject");
    },
  },
  {
    name: "declared: places are two characters of an id",
    async run({ store }) {
      for (let i = 0; i < 100; i++) {
        const place = store.place?.() ?? "AA";
        check(/^[A-Za-z0-9_-]{2}$/.test(place), "a place is not two characters of base64url");
      }
    },
  },
];
