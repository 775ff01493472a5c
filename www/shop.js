export const products = [
  { id: "cup", name: "Morning cup", note: "Stoneware, with its saucer", price: 18 },
  { id: "jug", name: "Milk jug", note: "Half a litre, pours clean", price: 34 },
  { id: "light", name: "Candlestick", note: "One candle, one evening", price: 27 },
  { id: "bowl", name: "Lemon bowl", note: "Lemons not included", price: 42 },
  { id: "plate", name: "Fish plate", note: "Every fish is different", price: 29 },
  { id: "vase", name: "Tulip vase", note: "Three stems at most", price: 38 },
];

const known = new Map(products.map((product) => [product.id, product]));
const MOST = 99;

export const productOf = (id) => known.get(id);

/** A new cart: what is stored in a session changes only when it is set again. */
export function change(cart, id, by) {
  const next = new Map(cart);
  if (!known.has(id) || !Number.isInteger(by)) return next;
  const quantity = Math.min(MOST, (next.get(id) ?? 0) + by);
  if (quantity > 0) next.set(id, quantity);
  else next.delete(id);
  return next;
}

export function lines(cart) {
  return [...cart]
    .filter(([id]) => known.has(id))
    .map(([id, quantity]) => ({ ...known.get(id), quantity, sum: known.get(id).price * quantity }));
}

export const pieces = (cart) => lines(cart).reduce((sum, line) => sum + line.quantity, 0);
export const total = (cart) => lines(cart).reduce((sum, line) => sum + line.sum, 0);
