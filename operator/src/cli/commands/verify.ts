import { systemClock } from '@scholar/runtime/clock';
import { docsFolder } from '../../target/local/layout.ts';
import { verify as verifyTarget } from '../../verify/verify.ts';
import { writeEvidenceDocs } from '../../verify/write-docs.ts';
import type { Context } from '../context.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { openTarget } from '../open-target.ts';
import { printJson } from '../output.ts';
import { truthTableText } from '../truth-table-text.ts';

export interface VerifyFlags {
  samples: number;
  writeDocs?: boolean;
  /** Folder of the generated pages; the checkout's docs/ unless told. */
  docs?: string;
}

/** `scholar verify`: phase 3 of the brief. 0 only when every row is green and, in staging, every simulation proven. */
export async function verify(context: Context, flags: VerifyFlags): Promise<ExitCode> {
  const target = await openTarget(context);
  try {
    const deps = { target, ask: target.ask, clock: systemClock };
    const proof = await verifyTarget(deps, { samples: flags.samples, simulations: true });
    await target.recordVerdicts(proof.table).catch(() => undefined);
    if (context.json) printJson(context.screen, proof.table);
    else context.screen.out(truthTableText(proof.table, context.screen));
    if (flags.writeDocs === true) {
      const written = await writeEvidenceDocs(flags.docs ?? docsFolder(), proof);
      context.screen.err(`Written: ${written.join(', ')}`);
    }
    return proof.table.ok ? EXIT.ok : EXIT.bad;
  } finally {
    await target.close();
  }
}
