import { CommanderError } from 'commander';
import { CouldNotLook } from '../could-not-look.ts';
import { UsageError } from '../target/local/overrides.ts';
import { StartFailure } from '../target/local/start-failure.ts';
import { EXIT } from './exit.ts';
import { type CalledAs, createProgram } from './program.ts';

/** Runs the command to its end and sets the exit code of this process (exit.ts). */
export async function runCommand(called: CalledAs, argv: string[]): Promise<void> {
  // `scholar tail | head`: a reader that went away is no fault of ours.
  process.stdout.on('error', (cause: NodeJS.ErrnoException) => {
    if (cause.code === 'EPIPE') process.exit();
    throw cause;
  });
  process.exitCode = await exitCodeOf(called, argv);
}

async function exitCodeOf(called: CalledAs, argv: string[]): Promise<number> {
  let code: number = EXIT.ok;
  try {
    await createProgram(called, (result) => {
      code = result;
    }).parseAsync(argv);
    return code;
  } catch (cause) {
    return failed(cause);
  }
}

function failed(cause: unknown): number {
  // Commander has written its own message by then; help and version are no errors.
  if (cause instanceof CommanderError) return cause.exitCode === 0 ? EXIT.ok : EXIT.usage;
  process.stderr.write(`scholar: ${cause instanceof Error ? cause.message : String(cause)}\n`);
  if (cause instanceof UsageError) return EXIT.usage;
  if (cause instanceof CouldNotLook) return EXIT.blind;
  if (cause instanceof StartFailure) return EXIT.bad;
  if (cause instanceof Error && cause.stack !== undefined) process.stderr.write(`${cause.stack}\n`);
  return EXIT.bad;
}
