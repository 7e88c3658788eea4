// Who works at this register: PIN, quick change of employee, shift.
import { leaveOrder } from "./orders.js";

export function employeeByPin(world, pin) {
  return world.facts.employees.find((employee) => employee.pin === String(pin) && !employee.user.deleted);
}

function enter(world, bus, employee) {
  world.change({ user: employee, screen: "orders" });
  bus.emit("userLogin", { user: employee.user });
}

/** @returns whether the PIN belongs to somebody */
export async function login(world, bus, pin) {
  const employee = employeeByPin(world, pin);
  if (!employee) return false;
  if (world.facts.user?.id === employee.id) return true;
  if (world.facts.user) await logout(world, bus);
  enter(world, bus, employee);
  return true;
}

/** The sandbox's home sends a waiter along; once, so that a restarted register asks for a PIN as registers do. */
export function loginFromAddress(world, bus) {
  const url = new URL(location.href);
  const pin = url.searchParams.get("pin");
  if (!pin || !world.facts.connected) return;
  url.searchParams.delete("pin");
  history.replaceState(null, "", url.href);
  login(world, bus, pin);
}

/** Waits for the application: it may ask the register to hold on for a moment. */
export async function logout(world, bus) {
  const { user } = world.facts;
  if (!user || world.facts.leaving) return;
  world.change({ leaving: true });
  await bus.interrupt("userLogout", { user: user.user });
  if (world.facts.orderId) leaveOrder(world);
  world.change({ user: null, screen: "pin", orderId: null, dialog: null, leaving: false });
}

export function toggleShift(world, bus) {
  const { shift, tabletId } = world.facts;
  const now = String(Date.now());
  if (shift) {
    world.change({ shift: null });
    bus.emit("shiftClose", { shift: { ...shift, timeend: now, amount_end: "0" } });
    return;
  }
  const opened = {
    cash_pos_id: tabletId,
    cash_shift_id: Number(now.slice(-6)),
    timestart: now,
    amount_start: "0",
    comment: "",
  };
  world.change({ shift: opened });
  bus.emit("shiftOpen", { shift: opened });
}
