import { type Child, h } from "../paint";

interface Props {
  kind?: "main" | "quiet";
  busy?: boolean;
  /** Submits the form of this id instead of being tapped. */
  form?: string;
  tap?: () => void;
  children: Child;
}

export const Button = ({ kind, busy, form, tap, children }: Props) => (
  <button type={form ? "submit" : "button"} form={form} class={`button ${kind || ""}`} aria-busy={!!busy} onclick={tap}>
    {children}
  </button>
);
