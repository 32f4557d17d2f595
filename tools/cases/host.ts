// What every host of cases can do: run one case and tell what differs.

import type { LoadedCase } from './read.ts';
import type { Difference, HostName } from './types.ts';

/** What came of one case on one host. */
export interface Outcome {
  readonly differences: readonly Difference[];
  /** The last host calls, where they were recorded. */
  readonly trace: string;
}

export interface CaseHost {
  readonly name: HostName;
  run(each: LoadedCase): Promise<Outcome>;
  close(): Promise<void>;
}
