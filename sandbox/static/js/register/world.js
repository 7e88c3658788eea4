// Everything that one register knows, in one place. Screens read it and redraw when a key they watch changes.

/** @param state the answer of GET /sandbox/api/state */
export function createWorld(state, { account, tablet }) {
  const facts = {
    ...state,
    accountName: account,
    tabletId: tablet,
    user: null,
    screen: "pin",
    orderId: null,
    shift: { cash_pos_id: tablet, timestart: String(Date.now()), amount_start: "0", comment: "" },
    icons: {},
    notifications: [],
    popup: null,
    dialog: null,
    trace: [],
    appState: "absent",
  };
  const watchers = [];

  /** Tells those who watch any of the keys; a key whose object was changed in place may be named again. */
  function change(patch) {
    Object.assign(facts, patch);
    const keys = Object.keys(patch);
    for (const { names, listener } of watchers) if (names.some((name) => keys.includes(name))) listener(facts);
  }

  function watch(names, listener) {
    watchers.push({ names, listener });
    listener(facts);
  }

  const fault = (name) => facts.faults[name];
  return { facts, change, watch, fault };
}

const TRACE_LENGTH = 200;

/** Remembers what the application and the register said to each other, newest first, for the developer's page. */
export function note(world, kind, text, detail = "") {
  const line = { at: Date.now() / 1000, kind, text, detail };
  world.change({ trace: [line, ...world.facts.trace].slice(0, TRACE_LENGTH) });
}
