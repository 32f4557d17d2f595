// The common behaviour in an Envoy container.

import { describeBehaviour } from '../envoy/support/behaviour.ts';
import { startEnvoyContainer } from '../envoy/support/container.ts';

describeBehaviour('a document in an Envoy container', (document) =>
  startEnvoyContainer({ document }),
);
