// React Router's types name some of React's, which are not installed: nothing is drawn here.
declare module "react" {
  // biome-ignore lint/suspicious/noExplicitAny: whatever they are, nothing here depends on it
  type Any = any;
  export type AnchorHTMLAttributes<_T> = Any;
  export type ComponentProps<_T> = Any;
  export type ComponentType<_T = Any> = Any;
  export type Context<_T> = Any;
  export type CSSProperties = Any;
  export type ErrorInfo = Any;
  export type FormEventHandler<_T> = Any;
  export type FormHTMLAttributes<_T> = Any;
  export type ForwardRefExoticComponent<_T> = Any;
  export type FunctionComponentElement<_T> = Any;
  export type HTMLAttributeAnchorTarget = Any;
  export type HTMLProps<_T> = Any;
  export type JSXElementConstructor<_T> = Any;
  export type MouseEvent<_T, _E = Any> = Any;
  export type PropsWithChildren<_T = Any> = Any;
  export type ProviderProps<_T> = Any;
  export type ReactElement<_T = Any, _E = Any> = Any;
  export type ReactNode = Any;
  export type RefAttributes<_T> = Any;
  export namespace JSX {
    type Element = Any;
  }
  export class Component<_P = Any, _S = Any> {
    constructor(props: Any);
    props: Any;
    state: Any;
    setState(state: Any): void;
    render(): Any;
  }
}
