export { type CapDecision, RateCap } from './rate-cap.ts';
