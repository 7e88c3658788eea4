// The sandbox's own JSON API. A refusal is an Error whose message is the server's sentence.

async function read(response) {
  const body = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(typeof body.error === "string" ? body.error : `HTTP ${response.status}`);
  return body;
}

export async function get(path, params = {}) {
  return read(await fetch(`/sandbox/api/${path}?${new URLSearchParams(params)}`));
}

export async function post(path, body) {
  const headers = { "Content-Type": "application/json" };
  return read(await fetch(`/sandbox/api/${path}`, { method: "POST", headers, body: JSON.stringify(body) }));
}
