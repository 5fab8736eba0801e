import { APP_LABELS, HUB_LABEL } from '@scholar/contract';
import { apply, kubectl } from '../../harness/kubectl.ts';
import { oneOffPod, runInPod } from '../harness/one-off-pod.ts';
import { objectName, podsOf, untilReady } from '../harness/pods.ts';

/** Tries to connect to each `host:port` of its arguments and prints those that answered, as JSON. */
const KNOCK = `
const { connect } = require('node:net');
const knock = (door) => new Promise((tell) => {
  const at = door.lastIndexOf(':');
  const socket = connect({ host: door.slice(0, at), port: Number(door.slice(at + 1)), timeout: 5000 });
  const end = (open) => { socket.destroy(); tell(open ? [door] : []); };
  socket.once('connect', () => end(true)).once('error', () => end(false)).once('timeout', () => end(false));
});
Promise.all(process.argv.slice(1).map(knock)).then((open) => console.log(JSON.stringify(open.flat())));
`;

const LISTEN = `require('node:http').createServer((_, answer) => answer.end('{}')).listen(8080)`;

/** Name of the pod that everybody may reach: what proves that a knock can be heard at all. */
const OPEN_DOOR = 'open-door';

/** Everything of scholar that listens for others in a namespace, by pod address, as `host:port`. */
export async function doorsOf(namespace: string): Promise<string[]> {
  const ports: [string, number[]][] = [
    ...APP_LABELS.map((label): [string, number[]] => [objectName(label), [8080, 9464, 9465]]),
    [objectName(HUB_LABEL), [8080, 9464]],
    ['scholar-postgresql', [5432]],
    ['stripe-sandbox', [8080, 9464]],
    ['scholar-operator', [9464]],
  ];
  const doors = ports.map(async ([object, all]) => {
    const [pod] = await podsOf(namespace, object);
    return all.map((port) => `${pod?.status?.podIP}:${port}`);
  });
  return (await Promise.all(doors)).flat();
}

/** A pod that nobody has a policy for, in `namespace`. @returns where it listens, as `host:port`. */
export async function openDoor(namespace: string): Promise<string> {
  await apply(namespace, [oneOffPod({ name: OPEN_DOOR, script: LISTEN })]);
  await untilReady(namespace, OPEN_DOOR);
  const [running] = await podsOf(namespace, OPEN_DOOR);
  return `${running?.status?.podIP}:8080`;
}

/** A stranger's pod in `namespace` knocks at each door. @returns the doors that opened. */
export async function knock(namespace: string, doors: readonly string[]): Promise<string[]> {
  return JSON.parse(await runInPod(namespace, { name: 'stranger', script: KNOCK, args: doors })) as string[];
}

export async function closeDoor(namespace: string): Promise<void> {
  await kubectl('delete', 'pod', OPEN_DOOR, '-n', namespace, '--wait=true', '--ignore-not-found');
}
