import { z } from 'zod';
import { CouldNotLook } from '../../could-not-look.ts';
import { ask, jsonOf, type Reply } from '../../gather/http-client.ts';
import type { ControlCommand } from './control-server.ts';
import { readJson } from './json-file.ts';
import type { StateLayout } from './layout.ts';
import { overridesSchema } from './overrides.ts';
import { isSameProcess } from './process-record.ts';

export const supervisorSchema = z.strictObject({
  pid: z.number().int(),
  started: z.string().nullable(),
  since: z.string(),
  url: z.string(),
  token: z.string(),
  ready: z.boolean(),
});

export type SupervisorRecord = z.infer<typeof supervisorSchema>;

const componentSchema = z.object({
  name: z.string(),
  state: z.enum(['stopped', 'starting', 'running', 'backoff']),
  pid: z.number().nullable(),
  since: z.string(),
  restarts: z.number(),
  last_exit: z.string().nullable(),
});

const stateSchema = z.object({
  components: z.array(componentSchema),
  overrides: overridesSchema,
});

export type SupervisorState = z.infer<typeof stateSchema>;

/** @returns the record of the running supervisor; undefined when none runs for this state folder. */
export async function runningSupervisor(layout: StateLayout): Promise<SupervisorRecord | undefined> {
  const record = await readJson(layout.supervisor, supervisorSchema);
  return record !== undefined && isSameProcess(record) ? record : undefined;
}

export interface ControlClient {
  record: SupervisorRecord;
  state: () => Promise<SupervisorState>;
  command: (command: ControlCommand) => Promise<boolean>;
}

/** @throws CouldNotLook when no supervisor runs for this state folder. */
export async function connectSupervisor(layout: StateLayout): Promise<ControlClient> {
  const record = await runningSupervisor(layout);
  if (record === undefined) {
    throw new CouldNotLook(
      `No local system runs for ${layout.dir}. Start one with \`make up\` or \`scholar up --detach\`, or name its folder with --state.`,
    );
  }
  return {
    record,
    state: async () => stateSchema.parse(await call(record, 'GET', '/state')),
    command: async (command) => {
      const reply = z.object({ ok: z.boolean() }).parse(await call(record, 'POST', '/command', command));
      return reply.ok;
    },
  };
}

/** Longer than the start of the slowest component. */
const COMMAND_TIMEOUT_MS = 90_000;

async function call(
  record: SupervisorRecord,
  method: 'GET' | 'POST',
  path: string,
  json?: unknown,
): Promise<unknown> {
  let reply: Reply;
  try {
    reply = await ask({
      url: `${record.url}${path}`,
      method,
      headers: { authorization: `Bearer ${record.token}` },
      timeoutMs: COMMAND_TIMEOUT_MS,
      ...(json === undefined ? {} : { json }),
    });
  } catch (cause) {
    throw new CouldNotLook(
      `The supervisor (pid ${record.pid}) does not answer at ${record.url}; see its log, or end it with \`scholar down\`.`,
      { cause },
    );
  }
  if (reply.status < 300) return jsonOf(reply);
  throw new CouldNotLook(`The supervisor refused ${path}: ${reply.body.trim()}`);
}
