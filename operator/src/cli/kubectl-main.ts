import { KUBECTL_SCHOLAR } from './program.ts';
import { runCommand } from './run-command.ts';

await runCommand(KUBECTL_SCHOLAR, process.argv);
