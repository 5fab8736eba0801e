export * from './conformance.ts';
export * from './vectors.ts';
