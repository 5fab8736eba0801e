import { findingSchema, type RepairRecord, repairRecordSchema, truthTableSchema } from '@scholar/contract';
import { z } from 'zod';
import type { LocalSystem, Ran } from '../harness/local-system.ts';
import type { StepPlan, Took } from './take-steps.ts';

const auditSchema = z.object({ findings: z.array(findingSchema) });
const left = z.array(z.object({ code: z.string(), label: z.string() }));
const planned = z.array(z.object({ label: z.string(), role: z.string(), steps: z.array(z.string()) }));
const planSchema = z.object({ plan: planned });
const fixSchema = z.object({ ok: z.boolean(), repairs: z.array(repairRecordSchema), left });
const guardsSchema = z.object({ guards: z.object({ ok: z.boolean() }) });

/** The brief's three phases, each by the verb that a person would type. @param docs where `fix` and `verify` write their pages */
export const phases = (docs: string): StepPlan<LocalSystem>[] => [
  { name: 'audit', take: audit },
  {
    name: 'plan',
    take: async (system) => {
      const ran = await system.scholar('fix', '--dry-run', '-o', 'json');
      return { seen: { planned: told(planSchema, ran).plan }, failure: wanted(ran, 0) };
    },
  },
  { name: 'fix', take: (system) => fix(system, docs) },
  { name: 'verify', take: (system) => verify(system, docs) },
];

async function audit(system: LocalSystem): Promise<Took> {
  const a6 = await system.app('provider_register');
  const [health, ready] = await Promise.all(['health', 'ready'].map((path) => answerOf(`${a6.url}/${path}`)));
  const ran = await system.scholar('audit', '-o', 'json');
  const { findings } = told(auditSchema, ran);
  const state = a6.pid === null ? 'does not run' : `process ${a6.pid}`;
  return {
    seen: { findings, ghost: { state, health: health ?? '', ready: ready ?? '' } },
    failure: wanted(ran, 3),
  };
}

async function answerOf(url: string): Promise<string> {
  try {
    return String((await fetch(url, { signal: AbortSignal.timeout(3_000) })).status);
  } catch {
    return 'no answer';
  }
}

async function fix(system: LocalSystem, docs: string): Promise<Took> {
  const ran = await system.scholar('fix', '--docs', docs, '-o', 'json');
  const fixed: { ok: boolean; repairs: RepairRecord[]; left: { code: string; label: string }[] } = told(
    fixSchema,
    ran,
  );
  return { seen: { fixed }, failure: wanted(ran, 0) };
}

async function verify(system: LocalSystem, docs: string): Promise<Took> {
  const ran = await system.scholar('verify', '--guards', '--write-docs', '--docs', docs, '-o', 'json');
  const { guards, ...table } = JSON.parse(ran.stdout || '{}');
  const proof = truthTableSchema.parse(table);
  const red = proof.table
    .filter(({ verdict }) => verdict !== 'green')
    .map(({ app, reasons }) => `${app}: ${reasons.join(', ')}`);
  const kept = guardsSchema.parse({ guards }).guards.ok;
  const bad = [...red, ...(kept ? [] : ['a guard of A8 was not kept'])];
  return { seen: { proof }, failure: bad.length > 0 ? bad.join('; ') : wanted(ran, 0) };
}

/** @throws Error with what the command said when that is not what it has to print */
function told<T>(schema: z.ZodType<T>, ran: Ran): T {
  try {
    return schema.parse(JSON.parse(ran.stdout));
  } catch {
    throw new Error(`it ended with ${ran.code} and did not tell: ${ran.stderr || ran.stdout}`);
  }
}

const wanted = ({ code, stderr }: Ran, expected: number): string | undefined =>
  code === expected ? undefined : `exit ${code} and not ${expected} ${stderr.trim().slice(-200)}`.trim();
