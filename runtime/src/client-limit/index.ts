export { limitClients } from './client-limit.ts';
export { networkOf } from './network.ts';
