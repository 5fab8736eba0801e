export { fullJitter } from './full-jitter.ts';
