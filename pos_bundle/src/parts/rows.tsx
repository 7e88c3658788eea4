import { h } from "../paint";
import type { SheetRow } from "../sheets";
import { Field } from "./field";
import type { View } from "./view";

/** The rows of the sheet that is open. Enter presses its main button. */
export function Rows(view: View) {
  const { state, act } = view;
  const rows = state.sheet ? state.sheet.rows : [];
  const submit = (event: Event) => {
    event.preventDefault();
    act.sheets.press("save");
  };
  return (
    <form id="sheet" onsubmit={submit}>
      {rows.map((row, place) => (
        <div key={place} class={row.look || ""}>
          {row.field ? <Asked {...view} row={row} /> : row.text && <Told {...view} row={row} />}
          {row.taps && <Taps row={row} pressed="" tap={act.sheets.press} />}
        </div>
      ))}
    </form>
  );
}

function Told({ row: { text, more, side, opens }, act }: View & { row: SheetRow }) {
  const told = [
    <span class="caller">
      <span>{text}</span>
      {more && <span>{more}</span>}
    </span>,
    side && <span class="age">{side}</span>,
  ];
  return opens ? (
    <button type="button" class="row" onclick={() => act.pickRow(opens)}>
      {told}
    </button>
  ) : (
    <span class="line">{told}</span>
  );
}

function Asked({ row, state, act }: View & { row: SheetRow }) {
  const field = row.field as string;
  const typed = state.values[field];
  const value = (typed === undefined ? row.value : typed) || "";
  const type = (text: string) => act.sheets.type(field, text, row.live);
  if (row.picks) return <Taps row={{ taps: row.picks }} pressed={value} tap={type} />;
  return <Field label={row.text || ""} value={value} kind={row.type || "text"} most={120} type={type} />;
}

const Taps = ({ row, pressed, tap }: { row: SheetRow; pressed: string; tap(what: string): unknown }) => (
  <div class="chips">
    {(row.taps || []).map(([what, label]) => (
      <button type="button" class="chip" key={what} aria-pressed={`${what === pressed}`} onclick={() => void tap(what)}>
        {label}
      </button>
    ))}
  </div>
);
