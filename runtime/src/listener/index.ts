export { ANSWER_HEADERS } from './answer-headers.ts';
export { closeServer, createBoundedServer, listenOn } from './listener.ts';
