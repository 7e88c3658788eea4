// Dishes and goods: names and prices of what stands on a line of an order.
// `modification` is a number for goods with variants and a JSON text [{"m":51,"a":1}] for dishes with modifiers.

export const product = (world, id) => world.facts.products.find((one) => one.id === Number(id));

function modifiers(item, modification) {
  if (typeof modification !== "string" || !modification.startsWith("[")) return [];
  const all = (item.groups ?? []).flatMap((group) => group.modifications.map((one) => ({ ...one, group: group.name })));
  return JSON.parse(modification)
    .map(({ m, a }) => ({ ...all.find((one) => one.id === Number(m)), amount: Number(a ?? 1) }))
    .filter((one) => one.id);
}

const variant = (item, modification) => (item.modifications ?? []).find((one) => one.id === Number(modification));

export function linePrice(world, { id, modification }) {
  const item = product(world, id);
  if (!item) return 0;
  const base = variant(item, modification)?.price ?? item.price;
  return modifiers(item, modification).reduce((sum, one) => sum + one.price * one.amount, base);
}

export function lineName(world, { id, modification }) {
  const item = product(world, id);
  if (!item) return "";
  const extra = [variant(item, modification)?.name, ...modifiers(item, modification).map((one) => one.name)].filter(
    Boolean,
  );
  return extra.length ? `${item.name}, ${extra.join(", ")}` : item.name;
}

/** The answer of `products.getFullName` for one line. */
export function fullName(world, { id, modification }) {
  const item = product(world, id);
  const added = item ? modifiers(item, modification) : [];
  return {
    id: Number(id),
    modification: modification ?? "",
    name: item?.name ?? "",
    modGroupName: variant(item ?? {}, modification)?.name ?? added.map((one) => one.name).join(", "),
  };
}

export function firstChoice(item) {
  if (item.modifications?.length) return { id: item.id, modification: item.modifications[0].id };
  return { id: item.id };
}
