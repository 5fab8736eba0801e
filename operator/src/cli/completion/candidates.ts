import { APP_LABELS } from '@scholar/contract';
import type { Argument, Command, Option } from 'commander';

export interface Candidate {
  value: string;
  description: string;
}

export interface Completed {
  candidates: Candidate[];
  /** The word is a path: the shell knows better. */
  files: boolean;
}

const PATH = /<(file|dir|folder)>/;

/**
 * Pure: what may stand in the place of the last word, read from the program itself: verbs, flags, choices, labels.
 * @param words all after the name of the program; the last is the one under the cursor and may be empty. A shell that
 * splits at `=`, as bash does, hands over `--output`, `=`, `js`.
 */
export function candidatesFor(program: Command, words: readonly string[]): Completed {
  const current = words.at(-1) ?? '';
  const before = words.slice(0, -1);
  const at = before.findIndex((word) => !word.startsWith('-'));
  if (at < 0) return startingWith(current, current.startsWith('-') ? flagsOf(program, []) : verbsOf(program));
  if (before[at] === 'help') return startingWith(current, verbsOf(program));
  const command = program.commands.find((each) => each.name() === before[at]);
  if (command === undefined) return { candidates: [], files: false };
  return ofVerb(command, before.slice(at + 1), current);
}

function ofVerb(command: Command, given: readonly string[], current: string): Completed {
  const split = current === '=' ? [...given, ''] : given;
  const awaiting = optionBefore(command, split);
  if (awaiting !== undefined)
    return startingWith(current === '=' ? '' : current, valuesOf(awaiting), isPath(awaiting));
  const [flag = '', start] = current.split('=', 2);
  if (flag.startsWith('--') && start !== undefined) {
    const option = optionOf(command, flag);
    const values = option === undefined ? [] : valuesOf(option);
    return startingWith(
      current,
      values.map((each) => ({ ...each, value: `${flag}=${each.value}` })),
    );
  }
  if (current.startsWith('-')) return startingWith(current, flagsOf(command, given));
  const place = positionals(command, given).length;
  const last = command.registeredArguments.at(-1);
  const argument = command.registeredArguments[place] ?? (last?.variadic === true ? last : undefined);
  return startingWith(current, argument === undefined ? [] : valuesOf(argument));
}

/** The option whose value the next word is; undefined = the next word is none. */
function optionBefore(command: Command, given: readonly string[]): Option | undefined {
  const last = given.at(-1) ?? '';
  const name = last === '=' || last === '' ? given.at(-2) : last;
  const option = name?.startsWith('-') ? optionOf(command, name) : undefined;
  return option?.required === true ? option : undefined;
}

function positionals(command: Command, given: readonly string[]): string[] {
  return given.filter((word, index) => {
    if (word.startsWith('-') || word === '=') return false;
    return optionBefore(command, given.slice(0, index)) === undefined;
  });
}

function optionOf(command: Command, flag: string): Option | undefined {
  return command.options.find(({ long, short }) => flag === long || flag === short);
}

function verbsOf(program: Command): Candidate[] {
  return program
    .createHelp()
    .visibleCommands(program)
    .map((command) => ({ value: command.name(), description: command.description() }));
}

/** Without those that are given already, where a second time would say nothing more. */
function flagsOf(command: Command, given: readonly string[]): Candidate[] {
  return command
    .createHelp()
    .visibleOptions(command)
    .filter((option) => Array.isArray(option.defaultValue) || !given.some((word) => isFlag(option, word)))
    .flatMap(({ long, description }) => (long ? [{ value: long, description }] : []));
}

function isFlag({ long, short }: Option, word: string): boolean {
  return word === long || word === short || word.startsWith(`${long}=`);
}

function valuesOf(of: Option | Argument): Candidate[] {
  const labels = 'long' in of && of.long === '--app' ? APP_LABELS : [];
  return [...(of.argChoices ?? labels)].map((value) => ({ value, description: '' }));
}

function isPath({ flags }: Option): boolean {
  return PATH.test(flags);
}

function startingWith(start: string, all: readonly Candidate[], files = false): Completed {
  return { candidates: all.filter(({ value }) => value.startsWith(start)), files };
}
