import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { FakeClock } from '../clock/index.ts';
import { createServiceTokens } from './index.ts';

type Issuer = { url: string; asked: IncomingMessage[]; close(): void };
let issuer: Issuer | undefined;
afterEach(() => issuer?.close());

async function startIssuer(answer: (count: number, response: ServerResponse) => void): Promise<Issuer> {
  const asked: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    asked.push(request);
    request.resume().on('end', () => answer(asked.length, response));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  issuer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
  return issuer;
}

const grant = (count: number, response: ServerResponse) => {
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify({ access_token: `t${count}`, token_type: 'Bearer', expires_in: 100 }));
};

function tokensFor(url: string, secret: { value: string | undefined } = { value: 'hush' }) {
  const clock = new FakeClock();
  const tokens = createServiceTokens({
    a1Url: url,
    label: 'auto_page_maker',
    secret: { current: () => secret.value },
    clock,
    timeoutMs: 2_000,
  });
  return { tokens, clock };
}

describe('createServiceTokens', () => {
  test('asks once for many callers, with label and secret as Basic credentials', async () => {
    const { url, asked } = await startIssuer(grant);
    const { tokens } = tokensFor(url);
    expect(await Promise.all([tokens.get(), tokens.get(), tokens.get()])).toEqual(['t1', 't1', 't1']);
    expect(asked.map(({ url: path, method }) => `${method} ${path}`)).toEqual(['POST /oauth/token']);
    const credentials = Buffer.from('auto_page_maker:hush').toString('base64');
    expect(asked[0]?.headers.authorization).toBe(`Basic ${credentials}`);
  });

  test('renews at 80 % of the life of a token', async () => {
    const { url } = await startIssuer(grant);
    const { tokens, clock } = tokensFor(url);
    await tokens.get();
    await clock.advance(79_000);
    expect(await tokens.get()).toBe('t1');
    await clock.advance(1_000);
    expect(await tokens.get()).toBe('t2');
  });

  test('a token that is still valid outlives its issuer, an expired one does not', async () => {
    const { url } = await startIssuer((count, response) => {
      if (count === 1) grant(count, response);
      else response.writeHead(503).end();
    });
    const { tokens, clock } = tokensFor(url);
    await tokens.get();
    await clock.advance(90_000);
    expect(await tokens.get()).toBe('t1');
    await clock.advance(10_000);
    await expect(tokens.get()).rejects.toThrow(/answered 503/);
  });

  test('callers share a failure for a moment instead of asking one by one', async () => {
    const { url, asked } = await startIssuer((_count, response) => void response.writeHead(503).end());
    const { tokens, clock } = tokensFor(url);
    for (let i = 0; i < 5; i += 1) await expect(tokens.get()).rejects.toThrow('answered 503');
    expect(asked).toHaveLength(1);
    await clock.advance(1_000);
    await expect(tokens.get()).rejects.toThrow();
    expect(asked).toHaveLength(2);
  });

  test('says what to do when scholar_auth is down, refuses the secret, or there is no secret', async () => {
    const down = tokensFor('http://127.0.0.1:9').tokens.get();
    await expect(down).rejects.toThrow(/gave no service token \(.*\): start it or correct A1_URL/);
    const { url } = await startIssuer((_count, response) => void response.writeHead(401).end());
    const refused = tokensFor(url).tokens.get();
    await expect(refused).rejects.toThrow('refused the SERVICE_SECRET of auto_page_maker');
    await expect(refused).rejects.not.toThrow('hush');
    await expect(tokensFor(url, { value: undefined }).tokens.get()).rejects.toThrow('set SERVICE_SECRET or');
  });

  test('a corrected secret counts at once', async () => {
    const { url, asked } = await startIssuer(grant);
    const secret = { value: 'old' };
    const { tokens } = tokensFor(url, secret);
    await tokens.get();
    secret.value = 'new';
    expect(await tokens.get()).toBe('t2');
    expect(asked).toHaveLength(2);
  });
});
