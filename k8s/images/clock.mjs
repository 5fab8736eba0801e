// Runs beside a program in one pod (k8s/images/measure): says how many milliseconds went by from the start of the
// program's process, as the kernel has it (to 10 ms), until its GET /health answered 200, and how many of them the
// process had a processor.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

const [program, port, ready] = process.argv.slice(2);
const TICKS_PER_SECOND = 100;

const uptimeSeconds = () => Number(readFileSync('/proc/uptime', 'utf8').split(' ')[0]);
const argumentsOf = (pid) => readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');

/** Seconds after boot at which a process started, and seconds of processor that it has had. */
function timesOf(pid) {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // proc(5) counts fields from 1; the second is a name that may hold blanks, so what follows it is the third.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const seconds = (field) => Number(fields[field - 3]) / TICKS_PER_SECOND;
  return { started: seconds(22), processor: seconds(14) + seconds(15) };
}

const answers = () =>
  fetch(`http://127.0.0.1:${port}/health`).then(
    (response) => response.status === 200,
    () => false,
  );

await answers();
writeFileSync(ready, '');
while (!(await answers())) await pause(5);
const now = uptimeSeconds();
const pid = readdirSync('/proc').find(
  (name) => /^\d+$/.test(name) && Number(name) !== process.pid && argumentsOf(name).includes(program),
);
const { started, processor } = timesOf(pid);
console.log(Math.round((now - started) * 1000), Math.round(processor * 1000));
setInterval(() => undefined, 60_000);
