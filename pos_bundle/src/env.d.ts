declare module "*.css?inline" {
  const text: string;
  export default text;
}

declare module "superfine" {
  export interface VNode {
    key: unknown;
    node: Node;
  }
  export function h(tag: string, props: object, children: unknown[]): VNode;
  export function text(value: string): VNode;
  export function patch(node: Node, drawn: VNode): Node;
}

/** The attributes that our screens use. */
declare namespace JSX {
  type Element = import("superfine").VNode | null;
  interface ElementChildrenAttribute {
    children: unknown;
  }
  interface IntrinsicAttributes {
    key?: string | number;
  }
  interface Attributes {
    key?: string | number;
    id?: string;
    class?: string;
    role?: "status" | "dialog" | "switch";
    tabIndex?: number;
    "aria-checked"?: "true" | "false";
    type?: string;
    form?: string | undefined;
    value?: string | number;
    selected?: boolean;
    readOnly?: boolean;
    autocomplete?: "off";
    "aria-busy"?: boolean;
    "aria-current"?: boolean;
    "aria-pressed"?: "true" | "false";
    "aria-label"?: string;
    "aria-disabled"?: boolean;
    tabIndex?: number;
    maxLength?: number;
    onmousedown?: (event: Event) => void;
    onclick?: (() => void) | undefined;
    onsubmit?: (event: Event) => void;
    oninput?: ((event: { currentTarget: HTMLInputElement }) => void) | undefined;
    onchange?: (event: { currentTarget: HTMLSelectElement }) => void;
    children?: unknown;
  }
  interface IntrinsicElements {
    [tag: string]: Attributes;
  }
}
