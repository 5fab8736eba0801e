import type { Check, Judged } from '../judged.ts';
import type { SealedSecretView } from '../snapshot.ts';

/** Make sure that every SealedSecret has become the Secret that it stands for, in its present version. */
export const sealedSecretSync: Check = ({ sealed }) => (sealed ?? []).flatMap(judge);

function judge({ name, label, synced, message, current }: SealedSecretView): Judged[] {
  if (synced === true && current) return [];
  const why =
    synced === false
      ? `its controller could not open it`
      : 'its controller has not taken up its present version';
  const summary = `The SealedSecret ${name} is not in sync: ${why}, so the Secret is missing or old.`;
  const evidence = [`condition Synced ${synced ?? 'not told'}${message === '' ? '' : `: ${message}`}`];
  const advice =
    'see whether the sealed-secrets controller runs and has the key that sealed it; seal it anew for this name and namespace';
  return [
    { code: 'sealed_secret_unsynced', label, severity: 'critical', summary, evidence, remedies: [], advice },
  ];
}
