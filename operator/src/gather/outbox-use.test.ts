import { createHttpStub } from '@scholar/runtime/testing';
import { ask } from './http-client.ts';
import { askOutboxUse } from './outbox-use.ts';

test.each([
  [
    'a forwarder',
    { quota: { used_bytes: 12, max_bytes: 1_048_576 } },
    { usedBytes: 12, maxBytes: 1_048_576 },
  ],
  ['something that is no forwarder', { status: 'ok' }, undefined],
])('%s tells the use of its folder, or nothing', async (_who, body, expected) => {
  const stub = await createHttpStub(() => ({ status: 200, body }));
  try {
    expect(await askOutboxUse(ask, stub.url)).toEqual(expected);
  } finally {
    await stub.close();
  }
  expect(await askOutboxUse(ask, stub.url)).toBeUndefined();
});
