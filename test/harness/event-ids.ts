/** The ids of events on a generated page, each once: first of their cell, or called so. Below one in its cell is the id of a request. */
export function eventIdsIn(page: string): string[] {
  const found = page.matchAll(/(?:\| |event )`([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})`/gu);
  return [...new Set([...found].map(([, id = '']) => id))];
}
