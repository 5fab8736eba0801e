import { countInTrace } from './sync-count.ts';

test('syncs are counted where they begin, writes only through descriptors that sync by themselves', () => {
  const trace = [
    '4711 pwrite64(21, ""..., 602, 64) = 602',
    '4712 fdatasync(7 <unfinished ...>',
    '4711 write(19, ""..., 130) = 130',
    '4712 <... fdatasync resumed>) = 0',
    '4713 fsync(8) = 0',
    '4713 msync(0x7f0000000000, 4096, MS_SYNC) = 0',
    '4713 msync(0x7f0000000000, 4096, MS_ASYNC) = 0',
    '4713 pwritev(21, [{iov_base=""..., iov_len=10}], 1, 0) = 10',
    '4713 +++ exited with 0 +++',
  ].join('\n');
  expect(countInTrace(trace, new Set([21]))).toEqual({ syncCalls: 3, syncedWrites: 2 });
  expect(countInTrace(trace, new Set())).toEqual({ syncCalls: 3, syncedWrites: 0 });
});
