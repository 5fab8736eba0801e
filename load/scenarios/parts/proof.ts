import { sleep } from 'k6';
import http from 'k6/http';
import { Counter, Trend } from 'k6/metrics';
import { setting } from './settings.ts';

/** Acknowledged, and not found as a row within the time. The one figure that may never be more than 0. */
const lost = new Counter('lost_events');
const acknowledged = new Counter('acknowledged_events');
/** From the acknowledgement until the row was read. */
const seenAfter = new Trend('row_seen_after', true);

/** Intervals, seconds: a row is there when A8 has answered, so the first look finds it. An outage may lie between. */
const LOOKS = [0, 0.1, 0.5, 1, 2, 5, 10, 20];

/** Somebody answered for this event: it has to be a row. Asks A8 for it until it is, or until 39 s have passed. */
export async function prove(eventId: string): Promise<void> {
  acknowledged.add(1);
  const startMs = Date.now();
  for (const seconds of LOOKS) {
    await sleep(seconds);
    const read = await http.asyncRequest('GET', `${setting('A8_URL')}/events/${eventId}`, null, {
      headers: { authorization: `Bearer ${setting('A8_READ_KEY')}` },
      tags: { op: 'read', name: 'GET /events/{id}' },
      responseCallback: http.expectedStatuses(200, 404),
    });
    if (read.status === 200) {
      seenAfter.add(Date.now() - startMs);
      return;
    }
  }
  lost.add(1);
  console.error(`lost: ${eventId} was acknowledged and is no row`);
}
