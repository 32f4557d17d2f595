// The common behaviour in an Envoy process.

import { startEnvoy } from '../../tools/envoy/start.ts';
import { describeBehaviour } from './support/behaviour.ts';

describeBehaviour('a document in Envoy', (document) => startEnvoy({ document }));
