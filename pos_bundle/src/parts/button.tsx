import { type Child, h } from "../paint";

interface Props {
  /** `calm`: the main button where something else comes first. */
  kind?: "main" | "calm" | "quiet";
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
