/** The questions that the page asks the server, beside the stream. */

/** Who measures what, and how: GET api/instrument. */
export function instrument() {
  return getJson("api/instrument");
}

/** The newest readings, oldest first. */
export async function recentReadings(limit) {
  const answer = await getJson(`api/readings/recent?limit=${limit}`);
  return answer.readings ?? [];
}

/** Addresses are relative to the page, so that it also works below a proxy's path. */
export function address(path) {
  return new URL(path, document.baseURI).href;
}

async function getJson(path) {
  const response = await fetch(address(path), { headers: { Accept: "application/json" } });
  if (!response.ok) {
    throw new Error(`${path} answered ${response.status} ${response.statusText}`.trim());
  }
  return response.json();
}
