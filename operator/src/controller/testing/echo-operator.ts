import { runOperator } from '../run-operator.ts';
import { echoReconcile } from './echo-reconcile.ts';

await runOperator(echoReconcile);
