export { buildStamp, readBuildStamp, STAMP_FILE } from './build-stamp.ts';
export { contentDigest } from './content-digest.ts';
export { BUILD_METRICS } from './metrics.ts';
