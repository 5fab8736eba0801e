import { CouldNotLook } from '../target/local/control-client.ts';
import { openLocalTarget } from '../target/local/local-target.ts';
import type { Target } from '../target/target.ts';
import type { Context } from './context.ts';

/** @returns what the verb looks at; close it afterwards. @throws CouldNotLook when it is not there. */
export async function openTarget({ options, layout }: Context): Promise<Target> {
  if (options.target === 'cluster') {
    throw new CouldNotLook(
      'This release looks at the local system only; the cluster target comes with the charts (docs/ROADMAP.md).',
    );
  }
  return openLocalTarget(layout);
}
