/** Instances of classes that say of themselves that they are what may be stored. */
const impostor = (tag) =>
  new (class {
    length = 1;
    0 = 1;
    get [Symbol.toStringTag]() {
      return tag;
    }
    *[Symbol.iterator]() {
      yield [1, 2];
    }
  })();

export const impostors = ["Map", "Set", "ArrayBuffer", "Date"].map(impostor);
/** No prototype stands above its own, as above that of objects. */
impostors.push(Object.create(class extends null {}.prototype));
