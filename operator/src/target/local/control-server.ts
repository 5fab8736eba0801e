import { timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';
import { parseServiceLabel, type ServiceLabel } from './layout.ts';
import type { Supervisor } from './supervisor.ts';

const commandSchema = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('restart'), label: z.string(), role: z.enum(['app', 'forwarder']) }),
  z.strictObject({ do: z.literal('reset'), label: z.string(), key: z.string() }),
  // The counterpart of `reset`: what the label was made to differ in, all of it.
  z.strictObject({
    do: z.literal('override'),
    label: z.string(),
    settings: z.record(z.string(), z.string().nullable()),
    stopped: z.boolean(),
    restart: z.array(z.enum(['app', 'forwarder'])),
  }),
  z.strictObject({ do: z.literal('shutdown') }),
]);

export type ControlCommand = z.infer<typeof commandSchema>;

export interface ControlServer {
  url: string;
  close: () => Promise<void>;
}

export interface ControlOptions {
  port: number;
  token: string;
  supervisor: Supervisor;
  onShutdown: () => void;
}

/**
 * The supervisor's own door on 127.0.0.1: GET /state, POST /command. Only who can read the state folder has the token.
 * @throws Error with code EADDRINUSE when another system holds the port.
 */
export async function startControlServer(options: ControlOptions): Promise<ControlServer> {
  const server = createServer((request, response) => {
    answer(request, options).then(
      ({ status, body }) => send(response, status, body),
      (cause: unknown) =>
        send(response, 500, { error: cause instanceof Error ? cause.message : String(cause) }),
    );
  });
  server.requestTimeout = 10_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => closeServer(server),
  };
}

interface Reply {
  status: number;
  body: unknown;
}

async function answer(request: IncomingMessage, options: ControlOptions): Promise<Reply> {
  if (!authorized(request, options.token)) {
    return { status: 401, body: { error: 'The token of supervisor.json is needed here.' } };
  }
  if (request.method === 'GET' && request.url === '/state') {
    return {
      status: 200,
      body: { components: options.supervisor.status(), overrides: options.supervisor.overrides() },
    };
  }
  if (request.method !== 'POST' || request.url !== '/command') {
    return { status: 404, body: { error: 'There are GET /state and POST /command.' } };
  }
  const command = commandSchema.safeParse(JSON.parse(await readBody(request)));
  if (!command.success) return { status: 400, body: { error: z.prettifyError(command.error) } };
  return run(command.data, options);
}

async function run(command: ControlCommand, { supervisor, onShutdown }: ControlOptions): Promise<Reply> {
  if (command.do === 'shutdown') {
    onShutdown();
    return { status: 202, body: { ok: true } };
  }
  const label = parseServiceLabel(command.label);
  if (label === undefined) return { status: 404, body: { error: `No service is called ${command.label}.` } };
  return { status: 200, body: { ok: await apply(command, label, supervisor) } };
}

async function apply(
  command: Exclude<ControlCommand, { do: 'shutdown' }>,
  label: ServiceLabel,
  supervisor: Supervisor,
): Promise<boolean> {
  if (command.do === 'restart') return supervisor.restart(label, command.role);
  if (command.do === 'override') {
    await supervisor.override(label, command);
    return true;
  }
  await supervisor.resetSetting(label, command.key);
  return true;
}

function authorized(request: IncomingMessage, token: string): boolean {
  const given = Buffer.from(request.headers.authorization ?? '');
  const wanted = Buffer.from(`Bearer ${token}`);
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > 16_384) throw new Error('The command is longer than 16 KiB.');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(`${JSON.stringify(body)}\n`);
}

function closeServer(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}
