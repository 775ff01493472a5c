/** Elements without markup: what a page shows is set as text, so nothing stored can become more than text. */

type Child = Node | string | number | undefined | false;
type Props = Record<string, string | number | boolean | ((event: Event) => void) | undefined>;

const SVG = "http://www.w3.org/2000/svg";

function fill<E extends Element>(element: E, props: Props, children: Child[]): E {
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === false) continue;
    if (typeof value === "function") element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(
    ...children.flatMap((child) => (child === undefined || child === false ? [] : asNode(child))),
  );
  return element;
}

const asNode = (child: Node | string | number) => (typeof child === "number" ? String(child) : child);

export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  props: Props = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  return fill(document.createElement(tag), props, children);
}

export function svg(tag: string, props: Props = {}, ...children: Child[]): SVGElement {
  return fill(document.createElementNS(SVG, tag) as SVGElement, props, children);
}

/** Only what differs is written: a selection survives, and so does a reader's place. */
export function write(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}
