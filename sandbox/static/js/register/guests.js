// The register's own guest database: a copy that knows phones as people once typed them.
import { post } from "../api.js";

const digits = (text) => String(text ?? "").replace(/\D/g, "");
const filled = (text) => (text && text !== "0" ? String(text) : "");

export const clientById = (world, id) => world.facts.clients.find((client) => client.id === id);

export function fullName(client) {
  return [client.lastname, client.firstname, client.patronymic].map(filled).filter(Boolean).join(" ");
}

export const initials = (name) =>
  name
    .split(/\s+/)
    .filter(Boolean)
    .slice(0, 2)
    .map((word) => [...word][0])
    .join("")
    .toUpperCase();

/** A search for a number finds what is written alike; it does not know that 067 and +38067 are one phone. */
function phoneMatches(client, wanted) {
  const phone = filled(client.phone);
  if (!phone) return false;
  if (phone.includes(wanted)) return true;
  const number = /^[\d\s()+.-]+$/.test(wanted) ? digits(wanted) : "";
  return number.length >= 3 && digits(phone).includes(number);
}

function nameMatches(client, wanted) {
  const name = fullName(client).toLowerCase();
  return wanted
    .toLowerCase()
    .split(/\s+/)
    .every((word) => name.includes(word));
}

/** Deleted guests (`hidden: 1`) are found too: leaving them out is the application's job. */
export function search(world, searchVal) {
  const wanted = String(searchVal ?? "").trim();
  if (!wanted) return { foundClients: [], foundByCard: [] };
  const all = world.facts.clients;
  return {
    foundClients: all.filter((client) => phoneMatches(client, wanted) || nameMatches(client, wanted)),
    foundByCard: all.filter((client) => filled(client.cardNumber) && client.cardNumber === wanted),
  };
}

export function keepClient(world, client) {
  world.change({ clients: [client, ...world.facts.clients.filter((one) => one.id !== client.id)] });
}

/** @returns the new client; throws with Poster's message (a taken phone, a wrong phone, an unknown group) */
export async function createClient(world, client) {
  const { accountName: account, tabletId: tablet } = world.facts;
  const answer = await post("clients", { account, tablet, client });
  if (answer.error) throw Object.assign(new Error(answer.error.message), { code: answer.error.code });
  keepClient(world, answer.client);
  return answer.client;
}
