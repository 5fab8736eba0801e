// Runs beside a program in one pod (k8s/images/measure): says how many milliseconds went by from the start of the
// program's process, as the kernel has it (to 10 ms), until its GET /health answered 200.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

const [program, port, ready] = process.argv.slice(2);
const TICKS_PER_SECOND = 100;

const uptimeSeconds = () => Number(readFileSync('/proc/uptime', 'utf8').split(' ')[0]);
const argumentsOf = (pid) => readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');

/** Field 22 of /proc/PID/stat; the name in field 2 may hold blanks, so it is counted from its end. */
function startedSeconds(pid) {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]) / TICKS_PER_SECOND;
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
console.log(Math.round((now - startedSeconds(pid)) * 1000));
setInterval(() => undefined, 60_000);
