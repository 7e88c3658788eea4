import { h as node, patch, text, type VNode } from "superfine";

/** JSX for Superfine: components are plain functions of their props, because one state is drawn whole. */

export type Child = VNode | string | number | boolean | null | undefined | Child[];
type Component = (props: never) => VNode | null;
type Props = { [name: string]: unknown } | null;

const painted = (child: Child) =>
  typeof child === "string" || typeof child === "number" ? text(String(child)) : child;

export function h(tag: string | Component, props: Props, ...children: Child[]): VNode | null {
  const all = ([] as Child[]).concat(...children);
  if (typeof tag === "function") return tag({ ...props, children: all } as never);
  return node(tag, props || {}, all.map(painted));
}

/** Draws into the one child of `root` what changed since the last time. */
export function paint(root: Element, drawn: VNode | null): void {
  const child = root.firstChild || root.appendChild(document.createElement("div"));
  if (drawn) patch(child, drawn);
}
