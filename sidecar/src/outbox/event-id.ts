const SHAPE = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

export const EVENT_ID_BYTES = 16;

/** A uuid in lower case. */
export const isEventId = (id: string): boolean => SHAPE.test(id);

/** Lower case, and refused unless it has the shape of a uuid. @throws TypeError */
export function canonicalEventId(eventId: string): string {
  const id = eventId.toLowerCase();
  if (!isEventId(id)) throw new TypeError('an event id must be a uuid');
  return id;
}

/** Writes the 16 bytes of a canonical id. */
export function writeEventId(target: Buffer, offset: number, id: string): void {
  target.write(id.replaceAll('-', ''), offset, EVENT_ID_BYTES, 'hex');
}

export function readEventId(source: Buffer, offset: number): string {
  const hex = source.toString('hex', offset, offset + EVENT_ID_BYTES);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
