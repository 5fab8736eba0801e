import { deviceBytes, pssBytes, writtenBytes } from './process-readings.ts';

test('bytes of a process, of a device and of memory are read from the kernel in bytes', () => {
  expect(writtenBytes('rchar: 1\nwrite_bytes: 8192\ncancelled_write_bytes: 1\n')).toBe(8192);
  const disks = ' 254       0 vda 9 8 7 6 5 4 100 2 0 5 2\n 254      16 vdb 1 1 1 1 1 1 7 1 0 1 1\n';
  expect(deviceBytes(disks, '254:0')).toBe(51_200);
  expect(deviceBytes(disks, '254:16')).toBe(3_584);
  expect(pssBytes('Rss:  99 kB\nPss:                  50 kB\nPss_Dirty: 7 kB\n')).toBe(51_200);
});
