// Host calls over shared data and shared queues; both belong to the vm_id string, not to the VM.

import { Status } from '../abi.ts';
import { give } from '../results.ts';
import type { Five, Three } from '../results.ts';
import type { Vm } from '../vm.ts';

export const sharedCalls = {
  proxy_get_shared_data(vm: Vm, [keyAt, keySize, outAddress, outSize, outCas]: Five): number {
    const item = vm.process.sharedData.get(vm.facts.vmId, vm.memory.readBinary(keyAt, keySize));
    if (item === undefined) return Status.NOT_FOUND;
    give(vm, item.value, outAddress, outSize);
    vm.memory.writeU32(outCas, item.cas);
    return Status.OK;
  },

  proxy_set_shared_data(vm: Vm, [keyAt, keySize, valueAt, valueSize, cas]: Five): number {
    const key = vm.memory.readBinary(keyAt, keySize);
    return vm.process.sharedData.set(
      vm.facts.vmId,
      key,
      vm.memory.read(valueAt, valueSize),
      cas >>> 0,
    );
  },

  proxy_register_shared_queue(vm: Vm, [at, size, out]: Three): number {
    const { root } = vm;
    const token = vm.process.queues.register(vm.facts.vmId, vm.memory.readBinary(at, size), {
      ready: (ready) => {
        if (root !== null && vm.contexts.has(root.id))
          vm.enter(root, 'proxy_on_queue_ready', root.id, ready);
      },
    });
    vm.memory.writeU32(out, token);
    return Status.OK;
  },

  proxy_resolve_shared_queue(vm: Vm, [vmIdAt, vmIdSize, at, size, out]: Five): number {
    const vmId = vmIdSize === 0 ? vm.facts.vmId : vm.memory.readBinary(vmIdAt, vmIdSize);
    const token = vm.process.queues.resolve(vmId, vm.memory.readBinary(at, size));
    if (token === undefined) return Status.NOT_FOUND;
    vm.memory.writeU32(out, token);
    return Status.OK;
  },

  proxy_dequeue_shared_queue(vm: Vm, [token, outAddress, outSize]: Three): number {
    const item = vm.process.queues.dequeue(token >>> 0);
    return typeof item === 'number' ? item : give(vm, item, outAddress, outSize);
  },

  proxy_enqueue_shared_queue(vm: Vm, [token, at, size]: Three): number {
    return vm.process.queues.enqueue(token >>> 0, vm.memory.read(at, size));
  },
};
