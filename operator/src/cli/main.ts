import { SCHOLAR } from './program.ts';
import { runCommand } from './run-command.ts';

await runCommand(SCHOLAR, process.argv);
