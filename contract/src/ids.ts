const UUID_V4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;

/** True for a uuid of version 4 and variant 10 (RFC 9562) in any letter case. */
export function isUuidV4(value: unknown): value is string {
  return typeof value === 'string' && UUID_V4.test(value);
}

/** The one spelling under which an event id is stored and compared: lower case. */
export function normalizeEventId(eventId: string): string {
  return eventId.toLowerCase();
}

/** Makes the first 16 bytes a v4-shaped uuid: version and variant bits are set, the other 122 stay as they are. */
export function uuidV4FromBytes(bytes: Uint8Array): string {
  const head = Buffer.from(bytes.subarray(0, 16));
  head[6] = ((head[6] ?? 0) & 0x0f) | 0x40;
  head[8] = ((head[8] ?? 0) & 0x3f) | 0x80;
  const hex = head.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
