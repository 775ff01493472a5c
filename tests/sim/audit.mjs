/** When all is quiet, everybody comes once more, to isolates that know nothing; then nothing is left. */
import { must } from "./judge.mjs";
import { Request } from "./request.mjs";

export async function audit(world) {
  const { isolates, operator, plan, visitors } = world;
  world.healthy = true;
  plan.calm = false;
  world.trace.add("audit");
  if (!plan.memory) {
    world.weather.evict(isolates[0]);
    await world.settle();
  }
  if (plan.lag > 0) world.weather.pass(plan.lag + 1);
  await everybody(world, visitors);
  for (const step of plan.guarantees.subjects ? operator.audit(isolates[0]) : []) {
    step();
    await drain(world);
  }
  await everybody(world, visitors);
  for (const { manager } of isolates) {
    manager.table.clear();
    const { size, bytes } = manager.table.info();
    must("exact accounting", size === 0 && bytes === 0, `${size} rows, ${bytes} bytes in a cleared table`);
  }
}

async function everybody(world, visitors) {
  for (const visitor of visitors) for (const cookie of visitor.cookies) await visit(world, visitor, cookie);
}

async function visit(world, visitor, cookie) {
  world.step++;
  const request = new Request(world, visitor, world.isolates[0], { cookie, handled: false, left: 0 });
  world.requests.push(request);
  await drain(world);
  if (request.phase !== "open") return;
  request.act("look", 0);
  request.act("whose");
  request.act("flashed");
  request.phase = "done";
}

async function drain(world) {
  const { engine, timers } = world;
  await world.settle();
  for (;;) {
    world.step++;
    const [call] = engine.calls;
    const [timer] = timers.due();
    if (call !== undefined) world.advance(call);
    else if (timer !== undefined) timers.fire(timer);
    else return;
    await world.settle();
  }
}
