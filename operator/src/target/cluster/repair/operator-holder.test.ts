import type { V1Pod } from '../../../kube/objects.ts';
import { CLAIM_MS } from '../../../remedy/budget.ts';
import { isHolderGone, operatorHolder, podOfHolder } from './operator-holder.ts';

const RENEWED = Date.UTC(2026, 0, 1, 12);
const held = (holder: string) => ({ holder, until: RENEWED + CLAIM_MS, attempts: [] });
const pod = (name: string, running: { startedAt: Date } | undefined): V1Pod => ({
  metadata: { name },
  status: {
    containerStatuses: [
      {
        ...{ name: 'operator', ready: true, restartCount: 0, image: 'i', imageID: 'i' },
        state: running === undefined ? { terminated: { exitCode: 137 } } : { running },
      },
    ],
  },
});
const before = { startedAt: new Date(RENEWED - 60_000) };
const after = { startedAt: new Date(RENEWED + 1_000) };

test.each([
  ['its pod is there and runs since before the claim', [pod('a', before)], false],
  ['its pod is not there any more', [pod('b', before)], true],
  ['its process has ended', [pod('a', undefined)], true],
  ['its pod runs another process, which began after the claim', [pod('a', after)], true],
])('of an operator: %s', (_what, pods, gone) => {
  expect(isHolderGone(held(`${operatorHolder('a')} for trial/scholar`), pods)).toBe(gone);
});

test('nobody else is ever said to be gone: of a person only the time of the claim tells', () => {
  for (const holder of ['', 'scholar fix of process 7 on laptop', 'operator/laptop/7'])
    expect([podOfHolder(holder), isHolderGone(held(holder), [])]).toEqual([undefined, false]);
});
