import { BODY_BYTES } from '../../event.ts';
import { type Goal, over, roundOf } from './goal.ts';

export const g16: Goal = {
  id: 'G16',
  needs: { cells: { accept: ['forwarder'] } },
  judge: (seen) => ({
    G16: {
      what: 'bytes that the disk wrote : bytes of the events, 64 in flight',
      ...over(seen, (pass) => {
        const { devicePerSecond, perSecond } = roundOf(pass, 'accept', 'forwarder');
        return devicePerSecond / perSecond / BODY_BYTES;
      }),
      ...{ unit: 'x', better: 'less', floor: 2, goal: 1.3, moonshot: 1.1 },
      note: "the device's own counter: the file system's journal is in it, and whatever else wrote meanwhile",
    },
    G16_process: {
      what: 'bytes that the forwarder had written : bytes of the events, 64 in flight',
      ...over(seen, (pass) => {
        const { writtenPerSecond, perSecond } = roundOf(pass, 'accept', 'forwarder');
        return writtenPerSecond / perSecond / BODY_BYTES;
      }),
      ...{ unit: 'x', better: 'less', floor: 2, goal: 1.3, moonshot: 1.1 },
      note: 'whole pages, by the counter of the process; without the journal',
    },
  }),
};
