import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Running, startServer } from '../launch.ts';

const ENTRY = join(import.meta.dirname, '../../../services/provider_register/dist/main.js');
const HOST = '127.0.0.1';

export type RegisterInput = {
  databaseUrl: string;
  forwarderPort: number;
  secret: string;
  port: number;
  opsPort: number;
};

/** An A6 as its image runs it, ready. @throws Error where it was not built */
export async function startRegister(input: RegisterInput): Promise<Running> {
  const { port, opsPort } = input;
  if (!existsSync(ENTRY)) throw new Error('A6 is not built: make build');
  return startServer({
    command: {
      file: process.execPath,
      args: ['--enable-source-maps', ENTRY],
      env: {
        ...{ NODE_ENV: 'production', HOST, PORT: `${port}`, OPS_HOST: HOST, OPS_PORT: `${opsPort}` },
        ...{ DATABASE_URL: input.databaseUrl, FORWARDER_URL: `http://${HOST}:${input.forwarderPort}` },
        ...{ STRIPE_WEBHOOK_SECRET: input.secret, LOG_LEVEL: 'error', ENVIRONMENT: 'staging' },
      },
    },
    ...{ port, core: 'any' },
    ready: async () => (await fetch(`http://${HOST}:${opsPort}/ready`)).ok,
  });
}
