import { type Booking, dayIn, firstBooking, secondsOf, type Table } from "../booking";
import { h } from "../paint";
import { Button } from "../parts/button";
import { Field, GroupField } from "../parts/field";
import { Frame } from "../parts/frame";
import type { CardView } from "../parts/view";
import { clean, moment } from "../text";

const choices = (numbers: number[]) => numbers.map((id) => ({ id, name: String(id) }));

const GUESTS = choices(Array.from({ length: 20 }, (_, place) => place + 1));
const MINUTES = choices([60, 90, 120, 150, 180, 240]);

/** A table for the caller: when, how many, which. */
export function BookPanel(view: CardView) {
  const { card, act, say } = view;
  const booking = card.work.booking || firstBooking();
  const { tables, booked } = booking;
  const footer = (
    <div class="buttons">
      {!booked && (
        <Button kind={tables ? "calm" : "main"} busy={card.work.busy} tap={act.order.tables.find}>
          {say("findTables")}
        </Button>
      )}
      <Button tap={() => act.panel(null)}>{say("back")}</Button>
    </div>
  );
  return (
    <Frame {...view} title={say("bookTable")} footer={footer}>
      {booked ? <Booked {...view} booking={booking} table={booked} /> : <Form {...view} booking={booking} />}
      <p class="soft">{say("bookingHint")}</p>
      {!booked && tables && !tables.length && <p class="note">{say("noTables")}</p>}
      {!booked && (tables || []).map((table) => <Free {...view} table={table} key={table.id} />)}
    </Frame>
  );
}

const nameOf = (table: Table, say: CardView["say"]) =>
  say("table", clean(String(table.number), 20) || String(table.id));

const Free = ({ table, act, say }: CardView & { table: Table }) => (
  <button type="button" class="row" onclick={() => act.order.tables.book(table)}>
    <span class="caller">
      <b>{nameOf(table, say)}</b>
    </span>
    <span>{say("seats", String(table.seats))}</span>
  </button>
);

const Booked = ({ booking, table, state, say }: CardView & { booking: Booking; table: Table }) => (
  <p class="tag good" role="status">
    {say("booked", `${nameOf(table, say)}, ${moment(secondsOf(booking), state.lang)}`)}
  </p>
);

function Form({ booking, act, say }: CardView & { booking: Booking }) {
  const { change } = act.order.tables;
  const { day, time, guests, minutes } = booking;
  return (
    <div>
      <div class="chips">
        {(["today", "tomorrow"] as const).map((word, days) => (
          <button
            type="button"
            class="chip"
            key={word}
            aria-pressed={day === dayIn(days)}
            onclick={() => change({ day: dayIn(days) })}
          >
            {say(word)}
          </button>
        ))}
      </div>
      <div class="fields">
        <Field size="half" kind="date" label={say("date")} value={day} type={(text) => change({ day: text })} />
        <Field size="half" kind="time" label={say("time")} value={time} type={(text) => change({ time: text })} />
        <GroupField
          label={say("people")}
          groups={GUESTS}
          chosen={guests}
          choose={(count) => change({ guests: count })}
        />
        <GroupField
          label={say("howLong")}
          groups={MINUTES}
          chosen={minutes}
          choose={(count) => change({ minutes: count })}
        />
      </div>
    </div>
  );
}
