// The tests of memquota's engine in one process, since they share one compiled probe.

import './tables.ts';
import './charges.ts';
import './memory.ts';
import './config.ts';
import './algorithms.ts';
import './leases.ts';
import './properties.ts';
