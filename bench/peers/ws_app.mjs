// Node doing our job with `ws` and its own SQLite: a webhook is stored durably, then told to the registers of its line.
// It does less than we do (no signatures, no routing by who is logged in, no snapshot, no guest), which favours it.
import { createServer } from "node:http";
import { DatabaseSync } from "node:sqlite";
import { WebSocketServer } from "ws";

const database = new DatabaseSync(process.env.PEER_DATABASE);
for (const pragma of ["journal_mode=wal", "synchronous=full", "busy_timeout=5000"]) database.exec(`PRAGMA ${pragma}`);
database.exec("CREATE TABLE IF NOT EXISTS call (id TEXT PRIMARY KEY, caller TEXT, line TEXT, at REAL)");
const insert = database.prepare("INSERT OR IGNORE INTO call VALUES (?, ?, ?, ?)");
const rooms = new Map();

function hook(form, response) {
  insert.run(form.get("call"), form.get("from"), form.get("line"), Date.now() / 1000);
  const frame = JSON.stringify({ type: "call", from: form.get("from"), state: "ringing", id: form.get("call") });
  for (const socket of rooms.get(form.get("line")) ?? []) socket.send(frame);
  response.setHeader("Content-Type", "application/json");
  response.end('{"status":"ok"}');
}

const server = createServer((request, response) => {
  if (request.method !== "POST") return response.end('{"ok":true}');
  let body = "";
  request.on("data", (part) => { body += part; });
  request.on("end", () => hook(new URLSearchParams(body), response));
});
server.keepAliveTimeout = 30_000;

new WebSocketServer({ server, perMessageDeflate: false }).on("connection", (socket, request) => {
  const asked = new URL(request.url, "http://x").searchParams;
  for (const room of [asked.get("account"), asked.get("line")]) {
    if (!rooms.has(room)) rooms.set(room, new Set());
    rooms.get(room).add(socket);
    socket.on("close", () => rooms.get(room).delete(socket));
  }
  socket.send('{"type":"snapshot"}');
});
server.listen(Number(process.argv[2]), "127.0.0.1", 4096);
