export { type Ops, type OpsOptions, startOps } from './start-ops.ts';
