import type { Check } from '../judged.ts';

/** Make sure that no app tries to send personal data. The guards refused it, so nothing leaked; the app is still wrong. */
export const piiRefusals: Check = ({ apps, hub }) =>
  apps.flatMap(({ label, forwarder }) => {
    const atHub = hub.piiRefusals?.[label];
    const atForwarder = forwarder.status?.refusedPii ?? 0;
    const count = (atHub?.count ?? 0) + atForwarder;
    if (count === 0) return [];
    const summary = `${count} events of ${label} were refused because they hold personal data; none of them was stored.`;
    const evidence = [
      ...(atHub === undefined
        ? []
        : [
            `A8 in the last hour: ${atHub.count}, the last at ${atHub.lastAt}, in ${atHub.pointers.join(', ') || 'a place not told'}`,
          ]),
      ...(atForwarder === 0 ? [] : [`its forwarder in the last hour: ${atForwarder}`]),
    ];
    const advice = `change ${label} so that it sends a reference or a keyed hash in that place; \`scholar rejected\` shows where, never what`;
    return [{ code: 'pii_refused', label, severity: 'major', summary, evidence, remedies: [], advice }];
  });
