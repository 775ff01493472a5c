/** As much of the runtime's own module as is used; the platform's types say more. */
declare module "cloudflare:workers" {
  export class DurableObject<Env = unknown> {
    protected ctx: { id: unknown; storage: unknown };
    protected env: Env;
    constructor(ctx: { id: unknown; storage: unknown }, env: Env);
    alarm?(): void | Promise<void>;
  }
}
