export { closeServer, createBoundedServer, listenOn } from './listener.ts';
