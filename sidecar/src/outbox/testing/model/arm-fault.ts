import type { SimulatedDisk } from '../simulated-disk.ts';
import type { Fault } from './actions.ts';

/** The next call of one kind fails; the one after it works again. */
export function armFault(disk: SimulatedDisk, fault: Fault): void {
  disk.faults = {};
  if (fault === 'write') disk.faults.write = once({ code: 'EIO', written: 70 });
  if (fault === 'full') disk.faults.write = once({ code: 'ENOSPC', written: 33 });
  if (fault === 'sync') disk.faults.sync = once('EIO');
  if (fault === 'folder') disk.faults.syncDir = once('EIO');
  if (fault === 'rename') disk.faults.rename = once('EIO');
  if (fault === 'read') disk.faults.read = once('EIO');
  if (fault === 'open') disk.faults.open = once('EMFILE');
  if (fault === 'truncate') disk.faults.truncate = once('EIO');
  if (fault === 'unlink') disk.faults.unlink = once('EIO');
}

function once<T>(value: T): () => T | undefined {
  let left = 1;
  return () => (left-- > 0 ? value : undefined);
}
