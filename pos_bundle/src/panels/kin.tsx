import { sameNumber } from "../guests";
import type { GuestCard, Kin } from "../messages";
import { h } from "../paint";
import { Button } from "../parts/button";
import { Frame } from "../parts/frame";
import type { CardView } from "../parts/view";
import { clean } from "../text";

/** Of a new caller: who may it be? Of a guest: the other numbers, and taking them back. */
export const KinPanel = (view: CardView) => (view.card.guest ? <Numbers {...view} /> : <Alike {...view} />);

function Alike(view: CardView) {
  const { card, act, say } = view;
  const foot = (
    <div class="buttons">
      <Button tap={act.guest.strangers}>{say("noneOfThem")}</Button>
      <Button tap={() => act.panel(null)}>{say("back")}</Button>
    </div>
  );
  return (
    <Frame {...view} title={say("whoIsIt")} footer={foot}>
      {kinOf(view).map((kin) => (
        <div class="box" key={kin.id}>
          <span class="caller">
            <b>{clean(kin.name) || kin.id}</b>
            <span>{clean(kin.address, 100)}</span>
          </span>
          <Button busy={card.work.busy} tap={() => act.guest.join(kin.id)}>
            {say("yesSecond")}
          </Button>
        </div>
      ))}
    </Frame>
  );
}

/** Who looks like the caller, without those who were said to be somebody else. */
export const kinOf = ({ card: { work } }: CardView): Kin[] =>
  work.kin.filter(({ id }) => work.strangers.indexOf(id) < 0);

/** Numbers besides the one in the guest's profile. */
function numbersOf({ card, state: { account } }: CardView): string[] {
  const { guest, slot } = card;
  const { from } = slot.call;
  if (!guest) return [];
  const other = from && guest.phone && !sameNumber(from, guest.phone, account && account.code) ? [from] : [];
  return other.concat(guest.numbers || []);
}

export const hasNumbers = (view: CardView) => numbersOf(view).length > 0;

function Numbers(view: CardView) {
  const { card, act, say } = view;
  const guest = card.guest as GuestCard;
  return (
    <Frame
      {...view}
      title={say("otherNumbers")}
      footer={
        <div class="buttons">
          <Button tap={() => act.panel(null)}>{say("back")}</Button>
        </div>
      }
    >
      {numbersOf(view).map((number) => (
        <div class="box" key={number}>
          <span class="number">{clean(number, 30)}</span>
          {number !== guest.phone && (
            <Button busy={card.work.busy} tap={() => act.guest.part(number)}>
              {say("notTheirs")}
            </Button>
          )}
        </div>
      ))}
    </Frame>
  );
}
