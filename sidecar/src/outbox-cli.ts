import { runOutboxCommand } from './cli/run.ts';

/** `scholar outbox …`: the operator's command starts this program with the arguments behind `outbox`. */
const { exitCode, stdout, stderr } = await runOutboxCommand(process.argv.slice(2));
process.stdout.write(stdout);
process.stderr.write(stderr);
process.exitCode = exitCode;
