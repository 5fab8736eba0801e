/** The module `k6`, as far as our scripts use it. */
import { at, here } from '../context.ts';
import { tagsOf } from '../tags.ts';

/** Every condition by its name; true when all hold. An exception in one of them is a failure of the script. */
export function check(
  value: unknown,
  conditions: Record<string, unknown>,
  tags: Record<string, string> = {},
): boolean {
  const place = here('check');
  let all = true;
  for (const [name, condition] of Object.entries(conditions)) {
    const passed = Boolean(typeof condition === 'function' ? condition(value) : condition);
    place.run.checks.note(place.group, name, passed);
    place.run.metrics.add('checks', passed ? 1 : 0, { ...tagsOf(place), ...tags, check: name });
    all &&= passed;
  }
  return all;
}

/** @throws Error for an async function, as k6 does */
export function group<T>(name: string, what: () => T): T {
  const place = here('group');
  const result = at({ ...place, group: `${place.group}::${name}` }, what);
  if (result instanceof Promise) throw new Error('group takes no async function');
  return result;
}

/** k6 stops the VU; here the script has to await it, which k6 does not mind. */
export function sleep(seconds: number): Promise<void> {
  const { pending } = here('sleep');
  const asleep = new Promise<void>((awake) => setTimeout(awake, seconds * 1000));
  pending.add(asleep);
  void asleep.then(() => pending.delete(asleep));
  return asleep;
}

/** Ends the iteration, or the loading of the script. @throws Error always */
export function fail(message = ''): never {
  throw new Error(message);
}
