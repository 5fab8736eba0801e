import { Argument, type Command } from 'commander';
import { candidatesFor } from './candidates.ts';
import { COMPLETE, completionScript, SHELLS, type Shell } from './scripts.ts';

/** What the asker is to do with the answer, in the words of the protocol that kubectl speaks with its plugins. */
const DIRECTIVE = { files: 0, noFiles: 4 } as const;

/** Adds `completion SHELL` and the hidden verb that its scripts, and kubectl, ask. */
export function addCompletion(program: Command): void {
  const print = (text: string): void => void process.stdout.write(`${text}\n`);
  program
    .command('completion')
    .description('print the script that completes this command in a shell')
    .addArgument(new Argument('<shell>', 'whose language').choices(SHELLS))
    .action((shell: Shell) => print(completionScript(shell)));
  program
    .command(COMPLETE, { hidden: true })
    .argument('[words...]')
    .allowUnknownOption()
    .action((words: string[]) => {
      const { candidates, files } = candidatesFor(program, words);
      for (const { value, description } of candidates) print(`${value}\t${description}`);
      print(`:${files ? DIRECTIVE.files : DIRECTIVE.noFiles}`);
    });
}
