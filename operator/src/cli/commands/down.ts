import { bringDown } from '../../target/local/down.ts';
import type { Context } from '../context.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { printJson } from '../output.ts';

/** `scholar down`: ends everything of the state folder; 1 when nothing ran. Data stays. */
export async function down({ layout, screen, json }: Context): Promise<ExitCode> {
  const { ended, orderly } = await bringDown(layout);
  if (json) printJson(screen, { ended, orderly });
  else if (ended.length === 0) screen.err(`Nothing ran for ${layout.dir}.`);
  else
    screen.out(
      `Stopped ${ended.length} processes${orderly ? '' : ' that had lost their supervisor'}. Data and logs stay in ${layout.dir}.`,
    );
  return ended.length === 0 ? EXIT.bad : EXIT.ok;
}
