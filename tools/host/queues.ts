// Shared queues by (vm_id, name), unbounded, first in first out. The last VM that registered a queue is told about each
// item, later and never from within the call that put it there.

import { Status } from './abi.ts';

/** Who is told; `ready` does nothing when its VM or root is gone. */
export interface QueueListener {
  ready(token: number): void;
}

interface Queue {
  readonly items: Uint8Array[];
  listener: QueueListener;
}

export class Queues {
  readonly #tokens = new Map<string, number>();
  readonly #queues = new Map<number, Queue>();
  readonly #post: (task: () => void) => void;

  constructor(post: (task: () => void) => void) {
    this.#post = post;
  }

  register(vmId: string, name: string, listener: QueueListener): number {
    const known = this.resolve(vmId, name);
    const queue = known === undefined ? undefined : this.#queues.get(known);
    if (known !== undefined && queue !== undefined) {
      queue.listener = listener;
      return known;
    }
    const token = this.#queues.size + 1;
    this.#tokens.set(key(vmId, name), token);
    this.#queues.set(token, { items: [], listener });
    return token;
  }

  resolve(vmId: string, name: string): number | undefined {
    return this.#tokens.get(key(vmId, name));
  }

  enqueue(token: number, item: Uint8Array): number {
    const queue = this.#queues.get(token);
    if (queue === undefined) return Status.NOT_FOUND;
    queue.items.push(item);
    this.#post(() => queue.listener.ready(token));
    return Status.OK;
  }

  /** The oldest item, or EMPTY, or NOT_FOUND. */
  dequeue(token: number): Uint8Array | number {
    const queue = this.#queues.get(token);
    if (queue === undefined) return Status.NOT_FOUND;
    return queue.items.shift() ?? Status.EMPTY;
  }
}

function key(vmId: string, name: string): string {
  return `${vmId.length}:${vmId}${name}`;
}
