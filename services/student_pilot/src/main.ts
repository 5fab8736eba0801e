import { runService } from '@scholar/runtime/service';
import { service } from './service.ts';

await runService(service);
