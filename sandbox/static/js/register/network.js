// makeRequest and makeApiRequest: both go out through Poster's servers, which sign the first and add the token to the second.
import { post } from "../api.js";

const never = () => new Promise(() => {});
const OFFLINE = { result: false, code: 0 };

async function makeRequest(world, url, options) {
  const { accountName: account, tabletId: tablet } = world.facts;
  const { headers = [], method = "get", data, timeout } = options ?? {};
  if (!Array.isArray(headers)) throw new Error("headers must be an array of strings");
  const asked = post("proxy", { account, tablet, url, method, headers, data, timeout }).catch(() => OFFLINE);
  const answer = await Promise.race([asked, outOfTime(timeout)]);
  return answer.never ? never() : answer;
}

/** No limit unless the application gave one. */
function outOfTime(timeout) {
  if (!timeout) return never();
  return new Promise((resolve) => setTimeout(() => resolve(OFFLINE), Number(timeout)));
}

async function makeApiRequest(world, method, options) {
  if (world.fault("offline_start") === "yes") return false;
  const { result } = await post("rest", { account: world.facts.accountName, method, options });
  return result;
}

export function networkMethods(world) {
  return {
    makeRequest: (url, options) => makeRequest(world, url, options),
    makeApiRequest: (method, options) => makeApiRequest(world, method, options).catch(() => false),
  };
}
