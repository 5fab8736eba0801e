import { createHttpStub, type HttpStub } from '@scholar/runtime/testing';
import { askStripeKey } from './stripe-key.ts';

let stub: HttpStub;
/** Paths that the key may not read. */
let closed: string[];

beforeEach(async () => {
  closed = [];
  stub = await createHttpStub(({ path }) => {
    const [at = ''] = path.split('?');
    if (!closed.includes(at))
      return { status: 200, body: { object: 'list', url: at, has_more: false, data: [] } };
    // As Stripe answers a restricted key: https://docs.stripe.com/error-handling#permission-errors.
    const message = 'The provided key does not have the required permissions for this endpoint';
    return { status: 403, body: { error: { type: 'invalid_request_error', message } } };
  });
});

afterEach(() => stub.close());

test('a key that may read all is refused nothing, and only reads', async () => {
  const seen = await askStripeKey({ secretKey: 'sk_test_1', apiUrl: stub.url });
  expect(seen).toEqual({
    ...{ real: false, mode: 'test', restricted: false },
    refused: { endpoints: undefined, events: undefined, sessions: undefined, refunds: undefined },
  });
  expect(stub.requests.map(({ method }) => method)).toEqual(['GET', 'GET', 'GET', 'GET']);
});

test('a restricted key without a right is told which one, in the words of Stripe', async () => {
  closed = ['/v1/events', '/v1/refunds'];
  const seen = await askStripeKey({ secretKey: 'rk_test_1', apiUrl: stub.url });
  expect(seen).toMatchObject({
    restricted: true,
    refused: {
      ...{ endpoints: undefined, sessions: undefined },
      events: expect.stringContaining('required permissions'),
      refunds: expect.stringContaining('required permissions'),
    },
  });
});
