/** Work that waits for promises where there are some, and is done at once where there are none. */

export type Maybe<T> = T | Promise<T>;
export type Steps<T> = Generator<unknown, T, unknown>;

/** Over a table no step is a promise, and all is done when this returns: nobody gets in between. */
export function run<T>(steps: Steps<T>): Maybe<T> {
  return go(steps, steps.next());
}

function go<T>(steps: Steps<T>, first: IteratorResult<unknown, T>): Maybe<T> {
  let step = first;
  while (!step.done) {
    const { value } = step;
    if (value instanceof Promise) {
      return value.then(
        (result) => go(steps, steps.next(result)),
        (error) => go(steps, steps.throw(error)),
      );
    }
    step = steps.next(value);
  }
  return step.value;
}

/** A value, waited for. */
export function* wait<T>(value: Maybe<T>): Steps<T> {
  return (yield value) as T;
}
