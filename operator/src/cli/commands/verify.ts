import type { TruthTable } from '@scholar/contract';
import { systemClock } from '@scholar/runtime/clock';
import { toFinding } from '../../audit/judged.ts';
import type { Operated } from '../../evidence/operated.ts';
import { docsFolder } from '../../target/local/layout.ts';
import type { Target } from '../../target/target.ts';
import type { GuardReport } from '../../verify/negative/judge-guards.ts';
import { tryGuards } from '../../verify/negative/try-guards.ts';
import { verify as verifyTarget } from '../../verify/verify.ts';
import { writeEvidenceDocs } from '../../verify/write-docs.ts';
import type { Context } from '../context.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { guardsText } from '../guards-text.ts';
import { openTarget } from '../open-target.ts';
import { printJson } from '../output.ts';
import { truthTableText } from '../truth-table-text.ts';

export interface VerifyFlags {
  samples: number;
  /** Also send A8 what it must refuse. */
  guards?: boolean;
  writeDocs?: boolean;
  /** Folder of the generated pages; the checkout's docs/ unless told. */
  docs?: string;
}

/**
 * `scholar verify`: phase 3 of the brief. 0 only when every row is green, in staging every simulation proven, and with
 * --guards every guard kept.
 */
export async function verify(context: Context, flags: VerifyFlags, open = openTarget): Promise<ExitCode> {
  const target = await open(context);
  try {
    const deps = { target, ask: target.ask, clock: systemClock };
    const proof = await verifyTarget(deps, {
      samples: flags.samples,
      simulations: true,
      post: flags.writeDocs === true,
    });
    await target.recordVerdicts(proof.table).catch(() => undefined);
    const guards = flags.guards === true ? await tryGuards(deps, proof.table.table) : undefined;
    show(context, proof.table, guards);
    if (flags.writeDocs === true) {
      const written = await writeEvidenceDocs(flags.docs ?? docsFolder(), {
        proof,
        guards,
        operated: await operatedOf(context, target),
      });
      context.screen.err(`Written: ${written.join(', ')}`);
    }
    return proof.table.ok && guards?.ok !== false ? EXIT.ok : EXIT.bad;
  } finally {
    await target.close();
  }
}

/** What was done to the target lately is worth a page, and the rest is worth one without it. */
async function operatedOf({ screen }: Context, target: Target): Promise<Operated | undefined> {
  try {
    return await target.operated?.();
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    screen.err(`Without the repairs of this target, which could not be read: ${why}`);
    return undefined;
  }
}

function show({ json, screen }: Context, table: TruthTable, guards: GuardReport | undefined): void {
  if (json) {
    const shown = guards && { ...guards, findings: guards.findings.map(toFinding) };
    printJson(screen, { ...table, ...(shown && { guards: shown }) });
    return;
  }
  screen.out(truthTableText(table, screen));
  if (guards !== undefined) screen.out(guardsText(guards, screen));
}
