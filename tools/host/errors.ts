// What can end a test besides a wrong answer. A trap is no error of this kind: Envoy survives it, so `Outcome.trapped`
// tells of it.

/** Envoy's process would have died here, or the stream would have been corrupted (ABI-VERIFIED §5 and §6). */
export class EnvoyCrash extends Error {
  override readonly name = 'EnvoyCrash';
}

/** Envoy would have refused to load this module. The message is Envoy's, with the import or export by name. */
export class ModuleRefused extends Error {
  override readonly name = 'ModuleRefused';
}

/** The test asks for something that the host cannot do, for example to answer a call that was never made. */
export class WrongUse extends Error {
  override readonly name = 'WrongUse';
}

/** A guest address outside its memory; inside a host call it becomes status 6 and never leaves the host. */
export class OutOfMemoryBounds extends Error {
  override readonly name = 'OutOfMemoryBounds';
}

/** One trap of the guest: the VM in which it happened is dead from then on. */
export interface Trap {
  readonly vm: string;
  readonly callback: string;
  readonly reason: string;
  readonly stack: string;
}
