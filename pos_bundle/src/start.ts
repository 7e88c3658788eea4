/** Start-up: each step is tried until it succeeds once, because nobody tells when Poster is ready. */

const SOON = 250;
const SOON_TRIES = 40;
const LATER = 1000;
const LATER_TRIES = 300;

export interface Step {
  name: string;
  /** `true` when it is done for good. */
  run(): boolean | Promise<boolean>;
}

async function persist({ name, run }: Step, tries = 1): Promise<void> {
  try {
    if (await run()) return;
  } catch (_) {
    // Not ready, like any other "no".
  }
  if (tries === 1 || tries === SOON_TRIES) console.error(`dzvinok: ${name} is not ready`);
  if (tries < SOON_TRIES + LATER_TRIES)
    setTimeout(persist, tries < SOON_TRIES ? SOON : LATER, { name, run }, tries + 1);
}

/** The steps don't wait for each other. */
export function start(steps: readonly Step[]): void {
  for (const step of steps) persist(step);
}
