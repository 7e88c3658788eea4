/**
 * Pictures of the tables below them. A table is the truth: what it says is read from it, again after each refresh.
 * Loaded only where a page has a picture, see pictures.ts.
 */
import {
  BarController,
  BarElement,
  CategoryScale,
  Chart,
  type ChartConfiguration,
  type ChartDataset,
  Legend,
  LinearScale,
  LineController,
  LineElement,
  PointElement,
  Tooltip,
} from "chart.js";

Chart.register(
  BarController,
  BarElement,
  CategoryScale,
  Legend,
  LinearScale,
  LineController,
  LineElement,
  PointElement,
  Tooltip,
);

type Picture = ChartConfiguration<"bar" | "line", (number | null)[], string>;
type Scales = NonNullable<NonNullable<Picture["options"]>["scales"]>;
type Series = ChartDataset<"bar" | "line", (number | null)[]> & { texts: string[] };

interface Ink {
  colour: string;
  /** Stripes, so that neither colour-blind eyes nor a printer without colours need the colour. */
  striped?: boolean;
}

// Okabe and Ito's colours, which colour-blind eyes tell apart.
const USUAL: Ink = { colour: "#0072b2" };
const INKS: Record<string, Ink> = {
  vain: { colour: "#d55e00", striped: true },
  vain_share: { colour: "#d55e00", striped: true },
  wait_vain: { colour: "#d55e00" },
  people: { colour: "#21262b" },
  fresh: { colour: "#009e73", striped: true },
  hidden: { colour: "#9aa7af" },
};
const TEXT = "#5b6670";
const ROW = 30; // px of a bar that lies
const MOST = 20; // bars that lie; the table has the rest
const drawn = new Map<HTMLElement, Chart<"bar" | "line", (number | null)[], string>>();

function stripes(colour: string): CanvasPattern | string {
  const tile = document.createElement("canvas");
  tile.width = tile.height = 8;
  const pen = tile.getContext("2d");
  if (!pen) return colour;
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, 8, 8);
  pen.strokeStyle = colour;
  pen.lineWidth = 3;
  for (const from of [-8, 0, 8]) {
    pen.beginPath();
    pen.moveTo(from - 1, 9);
    pen.lineTo(from + 9, -1);
    pen.stroke();
  }
  return pen.createPattern(tile, "repeat") ?? colour;
}

const clock = (seconds: number): string =>
  `${Math.floor(seconds / 60)}:${String(Math.round(seconds) % 60).padStart(2, "0")}`;

/** A figure at an axis, as the page's language writes it. */
function mark(value: number, kind: string): string {
  if (kind === "wait") return clock(value);
  const text = new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 1 }).format(value);
  return kind === "share" ? `${text} %` : text;
}

function series(table: HTMLTableElement, across: boolean): { labels: string[]; all: (Series & { kind: string })[] } {
  const rows = Array.from(table.tBodies[0]?.rows ?? []).slice(0, across ? MOST : undefined);
  const heads = Array.from(table.tHead?.rows[0]?.cells ?? []);
  const all: (Series & { kind: string })[] = [];
  heads.forEach((head, place) => {
    const { draw, kind = "", name = "" } = head.dataset;
    if (!draw) return;
    const cells = rows.map((row) => row.cells[place]);
    const ink = INKS[name] ?? USUAL;
    const line = draw === "line";
    all.push({
      type: line ? ("line" as const) : ("bar" as const),
      kind,
      label: head.textContent ?? "",
      data: cells.map((cell) => (cell?.dataset.value === undefined ? null : Number(cell.dataset.value))),
      texts: cells.map((cell) => cell?.textContent ?? ""),
      backgroundColor: ink.striped ? stripes(ink.colour) : ink.colour,
      borderColor: ink.colour,
      borderWidth: line ? 2 : ink.striped ? 1 : 0,
      maxBarThickness: 44,
      order: line ? 0 : 1,
      ...(line ? { pointRadius: 4, pointStyle: "rectRot" as const } : { pointStyle: "rect" as const }),
      ...(draw === "stack" ? { stack: "one" } : {}),
    });
  });
  return { labels: rows.map((row) => row.cells[0]?.textContent ?? ""), all };
}

function picture(table: HTMLTableElement, across: boolean): Picture {
  const { labels, all } = series(table, across);
  const kinds = Array.from(new Set(all.map((one) => one.kind)));
  const value = across ? "x" : "y";
  const axis = (place: number) => (place === 0 ? value : `${value}${place}`);
  const scales: Scales = { [across ? "y" : "x"]: { stacked: all.some((one) => one.stack), grid: { display: false } } };
  kinds.forEach((kind, place) => {
    scales[axis(place)] = {
      axis: value,
      beginAtZero: true,
      stacked: all.some((one) => one.stack),
      position: across ? "bottom" : place === 0 ? "left" : "right",
      title: { display: kinds.length > 1, text: all.find((one) => one.kind === kind)?.label ?? "" },
      grid: { drawOnChartArea: place === 0 },
      ticks: {
        ...(kind === "count" ? { precision: 0 } : {}),
        callback: (at: number | string) => mark(Number(at), kind),
      },
    };
  });
  return {
    type: "bar",
    data: {
      labels,
      datasets: all.map(({ kind, ...one }) => ({ ...one, [`${value}AxisID`]: axis(kinds.indexOf(kind)) })),
    },
    options: {
      animation: false,
      maintainAspectRatio: false,
      indexAxis: across ? "y" : "x",
      interaction: { mode: "index", intersect: false, axis: across ? "y" : "x" },
      scales,
      plugins: {
        legend: { display: all.length > 1, align: "start", labels: { usePointStyle: true } },
        tooltip: {
          callbacks: {
            label: ({ dataset, dataIndex }) => `${dataset.label}: ${(dataset as unknown as Series).texts[dataIndex]}`,
          },
        },
      },
    },
  };
}

function draw(place: HTMLElement): void {
  const table = document.getElementById(place.dataset.chart ?? "");
  if (!(table instanceof HTMLTableElement)) return;
  const across = place.hasAttribute("data-across");
  const fresh = picture(table, across);
  if (across) place.style.height = `${(fresh.data.labels ?? []).length * ROW + 80}px`;
  const old = drawn.get(place);
  if (old) {
    old.data = fresh.data;
    old.update("none");
    return;
  }
  const canvas = document.createElement("canvas");
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", place.dataset.label ?? "");
  place.replaceChildren(canvas);
  drawn.set(place, new Chart(canvas, fresh));
}

function drawAll(): void {
  for (const [place, chart] of Array.from(drawn)) {
    if (place.isConnected) continue;
    chart.destroy();
    drawn.delete(place);
  }
  for (const place of Array.from(document.querySelectorAll<HTMLElement>("[data-chart]"))) draw(place);
}

Chart.defaults.color = TEXT;
Chart.defaults.borderColor = "#e5e9ec";
Chart.defaults.font.family = "Lato, Helvetica, Arial, sans-serif";
Chart.defaults.font.size = 14;
document.addEventListener("drawn", drawAll);
window.addEventListener("beforeprint", () => {
  for (const chart of Array.from(drawn.values())) chart.resize();
});
window.addEventListener("afterprint", () => {
  for (const chart of Array.from(drawn.values())) chart.resize();
});
drawAll();
