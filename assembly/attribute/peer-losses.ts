// Counts peers that stay unknown although somebody said who they are. The runtime hands the counts
// to Envoy as `mixer_dropped_total`. Both.

/** Why a peer's metadata were not believed. */
export const enum PeerLoss {
  /** They are no base64, no Struct, or no text where text belongs. */
  Malformed = 0,
  /** They are longer than the limit. */
  TooLong = 1,
  /** They name another namespace than the peer's certificate. */
  Contradicted = 2,
}

/** How many reasons there are. */
export const PEER_LOSS_COUNT: i32 = 3;

const counts: usize = memory.data(24, 8);

/** One more peer stays unknown. */
export function countPeerLoss(loss: PeerLoss): void {
  const at = counts + ((<usize>loss) << 3);
  store<u64>(at, load<u64>(at) + 1);
}

/** How many stayed so since the last call; starts over at 0. */
export function takePeerLosses(loss: PeerLoss): u64 {
  const at = counts + ((<usize>loss) << 3);
  const count = load<u64>(at);
  store<u64>(at, 0);
  return count;
}
