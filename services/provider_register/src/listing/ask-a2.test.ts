import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import got from 'got';
import { createAskA2 } from './ask-a2.ts';
import { startCheckout } from './start-checkout.ts';

const listing = {
  providerId: 'p-1',
  reference: 'listing.p-1.1',
  amountCents: 4900,
  currency: 'USD',
  baseUrl: 'https://register.example',
  canaryToken: undefined,
};
const away = {
  status: 503,
  code: 'payments_unavailable',
  detail: expect.stringContaining('Nothing was charged'),
};

test('an A2 that takes the question and never answers is given up, and the provider reads that nothing was charged', async () => {
  const mute = createServer(() => {});
  await new Promise<void>((listening) => mute.listen(0, '127.0.0.1', () => listening()));
  const { port } = mute.address() as AddressInfo;
  const deps = {
    fetchJson: got,
    serviceTokens: { get: async () => 'token' },
    a2Url: `http://127.0.0.1:${port}`,
  };
  await expect(startCheckout(createAskA2(deps, 50), listing)).rejects.toMatchObject(away);
  mute.closeAllConnections();
  await new Promise((closed) => mute.close(closed));
});

test('an A1 that gives no token is within the same bound', async () => {
  const never = () => new Promise<string>(() => {});
  const deps = { fetchJson: got, serviceTokens: { get: never }, a2Url: 'http://127.0.0.1:9' };
  await expect(startCheckout(createAskA2(deps, 50), listing)).rejects.toMatchObject(away);
});
