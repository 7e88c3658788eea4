import { type Child, h } from "../paint";

interface Props {
  /** `calm`: the main button where something else comes first. */
  kind?: "main" | "calm" | "quiet" | "main trio" | "calm trio";
  /** There is nothing that it could do. */
  off?: boolean;
  busy?: boolean;
  /** Submits the form of this id instead of being tapped. */
  form?: string;
  tap?: () => void;
  children: Child;
}

export const Button = ({ kind, busy, off, form, tap, children }: Props) => (
  <button
    type={form ? "submit" : "button"}
    form={form}
    class={`button ${kind || ""}`}
    aria-busy={!!busy}
    aria-disabled={!!off}
    onclick={tap}
  >
    {children}
  </button>
);
