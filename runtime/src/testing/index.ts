export { FakeClock } from '../clock/index.ts';
export { askPersonalData } from './ask-personal-data.ts';
export { type CapturedLogs, captureLogs } from './capture-logs.ts';
export { FAULTS, type Fault, type FaultProxy, startFaultProxy } from './fault-proxy.ts';
export { freePort, freePortBlock } from './free-port.ts';
export { createHttpStub, type HttpStub, type StubAnswer, type StubRequest } from './http-stub.ts';
export { keysAndTokens } from './keys-and-tokens.ts';
export { createOtlpReceiver, type OtlpReceiver, type ReceivedSpan } from './otlp-receiver.ts';
export { createRecordingEmitter, type RecordingEmitter } from './recording-emitter.ts';
export { runFolder, tempDir } from './run-folder.ts';
export {
  createServiceHarness,
  type HarnessOptions,
  type ServiceHarness,
  type TestEvent,
} from './service-harness.ts';
export { ShiftedClock } from './shifted-clock.ts';
export { type SpawnedService, type SpawnOptions, spawnService } from './spawn-service.ts';
export { standingClock } from './standing-clock.ts';
export { type StripeSandbox, startStripeSandbox } from './stripe-sandbox.ts';
export { createTestDatabase, type MigrationFolder, type TestDatabase } from './test-database.ts';
export { createTestIdentity, type TestIdentity } from './test-identity.ts';
export { allServers, EMBEDDED, otherServers, serverUrl, type TestServer } from './test-server.ts';
export { waitFor } from './wait-for.ts';
