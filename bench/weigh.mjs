/** `npm run weigh`: what each feature costs in the register's bundle, in bytes of gzip; `-- --files`: what each file does. */
import { gzipSync } from "node:zlib";
import { minify } from "terser";
import { build } from "vite";

/** The first that fits a module's path has it. */
const FEATURES = [
  ["Words that need no server, four languages", /\/i18n\//],
  ["Looks that need no server", /style\.css/],
  ["Connection: signed door, socket, polling", /\/src\/(socket|door|pack|messages|start)\.ts/],
  ["Poster in all its variants", /\/src\/(pos|register|shapes|popup)\.ts/],
  ["Drawing (Superfine), spreads for old web views", /superfine|\/paint\.ts|objectSpread|runtime|spread/],
  ["Flags above the name", /\/parts\/flags\./],
  ["Open order first, called again", /\/parts\/(running|again)\./],
  ["The last orders, the usual, repeat with its truth", /\/(parts\/history|panels\/orders|panels\/repeat|src\/repeat)\./],
  ["Promise, park, online order, the call on its order", /\/(parts\/promise|src\/orders|src\/orderdesk|src\/ledger)\./],
  [
    "Forms that the server draws: flags, addresses, notes, numbers, tables, call-backs, end of a shift",
    /\/(src\/sheets|parts\/rows|panels\/sheet|panels\/more|parts\/tools|screens\/listing)\./,
  ],
  ["Functions menu, who waits, quiet, veil", /\/(screens\/(menu|veiled)|parts\/page|src\/waiting|src\/calldesk|src\/copy)\./],
  ["Several calls: strip, timer, hold, who talks", /\/(parts\/(strip|talk|spell)|src\/calls|src\/bell)\./],
  ["New guest in four fields, streets, second number", /\/(src\/creating|screens\/unknown|parts\/field|parts\/suggest|src\/guestdesk)\./],
  ["Guest found, chosen, shown", /\/(src\/(guests|lookup|address)|screens\/(known|choose|searching|withheld)|parts\/(facts|caller))\./],
  ["Keyboard, drafts that outlive a restart", /\/src\/(keys|memory)\./],
  ["Frame of the card, its state, what ties it together", /./],
];

const size = (text) => gzipSync(text, { level: 9 }).length;
const named = (id) => FEATURES.find(([, fits]) => fits.test(id))[0];

async function built(minified) {
  const made = await build({
    configFile: "vite.config.ts",
    logLevel: "silent",
    build: { write: false, reportCompressedSize: false, ...(minified ? {} : { minify: false }) },
  });
  return (Array.isArray(made) ? made[0] : made).output[0];
}

/** Each module as small as it can be made alone; names at its top stay, so it weighs a little more than in the bundle. */
async function parts() {
  const { modules } = await built(false);
  const whole = {};
  for (const [id, { code }] of Object.entries(modules)) {
    if (!code) continue;
    const small = await minify(code, { ecma: 2017, compress: { passes: 2, unused: false, toplevel: false }, mangle: true });
    const path = id.replaceAll("\\", "/");
    const feature = process.argv.includes("--files") ? path.split("/src/").pop() : named(path);
    whole[feature] = (whole[feature] || "") + small.code;
  }
  return whole;
}

/** What would be saved without a feature; shared out so that the sum is the bundle as it is. */
async function weights() {
  const code = await parts();
  const names = Object.keys(code);
  const all = size(names.map((name) => code[name]).join(""));
  const saved = names.map((name) => all - size(names.filter((other) => other !== name).map((one) => code[one]).join("")));
  const total = size((await built(true)).code);
  const share = total / saved.reduce((sum, one) => sum + one, 0);
  return { total, rows: names.map((name, index) => [name, Math.round(saved[index] * share)]) };
}

const { total, rows } = await weights();
console.log("| What | bytes |\n|---|---|");
for (const [name, bytes] of rows.sort((a, b) => b[1] - a[1])) console.log(`| ${name} | ${bytes} |`);
console.log(`| **The whole bundle, \`gzip -9\`** | **${total}** |`);
