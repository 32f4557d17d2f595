// Which callback is running. Some calls kill Envoy in the wrong one (a local reply in on_log, a
// continue where nothing is paused): the wrappers of those calls ask here and refuse. Both.

/** The callbacks that matter to such calls. */
export const enum Stage {
  None = 0,
  Configure = 1,
  RequestHeaders = 2,
  ResponseHeaders = 3,
  /** A callout has answered or the tick ended its wait: the stream is paused. */
  Answer = 4,
  Log = 5,
  Tick = 6,
  /** A TCP connection is new, or bytes of it have come. */
  Connection = 7,
}

let stage: Stage = Stage.None;

/** Entry points say what they are; nothing else does. */
// @ts-ignore: decorator
@inline
export function enterStage(entered: Stage): void {
  stage = entered;
}

/** The callback that is running. */
// @ts-ignore: decorator
@inline
export function currentStage(): Stage {
  return stage;
}
