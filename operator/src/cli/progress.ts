import type { ComponentStatus } from '../target/local/component.ts';
import { paint, type Screen } from './output.ts';

const WORDS: Record<ComponentStatus['state'], string> = {
  stopped: 'stopped',
  starting: 'starting',
  running: 'ready',
  backoff: 'died, starts again',
};

/**
 * Shows a start: one line per component when its state is worth a line, with the seconds since the beginning.
 * Plain lines everywhere, so that a log file reads as well as a terminal.
 */
export function startProgress(screen: Screen, now: () => number): (status: ComponentStatus) => void {
  const began = now();
  return ({ name, state, pid, last_exit }) => {
    if (state === 'starting' || state === 'stopped') return;
    const seconds = ((now() - began) / 1_000).toFixed(1).padStart(6);
    const word =
      state === 'running' ? paint(screen, 'good', WORDS[state]) : paint(screen, 'bad', WORDS[state]);
    const detail = state === 'running' ? `pid ${pid ?? '-'}` : (last_exit ?? '');
    screen.err(`${seconds} s  ${name.padEnd(30)} ${word}  ${paint(screen, 'dim', detail)}`);
  };
}
