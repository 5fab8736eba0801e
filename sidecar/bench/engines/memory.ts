import { appended, type Engine } from './engine.ts';

/** Remembers ids, nothing more: what the intake costs without a disk. */
export function memoryEngine(): Engine {
  const known = new Set<string>();
  return {
    append: ({ eventId }) => {
      known.add(eventId);
      return Promise.resolve(appended());
    },
  };
}
