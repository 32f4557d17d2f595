// Names that Mixer gave to what has another name here. Compiled by asc and by tsc; imports nothing.

/** Stands before `adapter` and `template` in Mixer: `compiledAdapter`, `compiled_adapter`. */
export const MIXERS_COMPILED = "compiled";

/** The adapter `list`. */
export const MIXERS_LIST = "listchecker";
