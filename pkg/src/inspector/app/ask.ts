/** Asks the handler that served this page, under whichever path it is mounted. */

export class Refused extends Error {}

async function answer<T>(asked: Promise<Response>): Promise<T> {
  const response = await asked;
  if (response.ok) return (await response.json()) as T;
  const told = (await response.json().catch(() => ({}))) as { error?: string };
  throw new Refused(told.error ?? `${response.status}`);
}

export function ask<T>(show: string, params: Record<string, string | undefined> = {}): Promise<T> {
  const query = new URLSearchParams({ show });
  for (const [name, value] of Object.entries(params)) if (value !== undefined) query.set(name, value);
  return answer(fetch(`?${query}`, { cache: "no-store" }));
}

export function tell<T>(what: object): Promise<T> {
  const headers = { "Content-Type": "application/json" };
  return answer(fetch(location.pathname, { method: "POST", headers, body: JSON.stringify(what) }));
}
