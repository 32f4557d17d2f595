// Field names are written in camelCase or in snake_case, as protobuf's JSON form allows. What Mixer
// called `compiledAdapter` and `compiledTemplate` is `adapter` and `template` here. Cold.

import { MIXERS_COMPILED } from "../shared/mixers-names";

/**
 * Whether `key` is the field `name` (camelCase): the same letters, or `_x` where the name has `X`.
 * The case of the first letter does not matter, because some of Mixer's names begin with a capital.
 */
export function isFieldName(key: string, name: string): bool {
  if (key.length == 0 || name.length == 0) return false;
  if (key.startsWith(MIXERS_COMPILED)) return isCompiled(key, name);
  if (lower(key.charCodeAt(0)) != lower(name.charCodeAt(0))) return false;
  return isCamel(key, name) || isSnake(key, name);
}

/** The snake_case form of a camelCase name. */
export function snakeName(name: string): string {
  let text = "";
  for (let index = 0; index < name.length; index++) {
    const unit = name.charCodeAt(index);
    if (index > 0 && isUpper(unit)) text += "_";
    text += String.fromCharCode(lower(unit));
  }
  return text;
}

// Nothing else begins so, neither here nor in Mixer.
function isCompiled(key: string, name: string): bool {
  if (name != "adapter" && name != "template") return false;
  const size = MIXERS_COMPILED.length;
  const at = size + (key.charCodeAt(size) == 95 ? 1 : 0);
  return key.length == at + name.length && key.endsWith(name.substring(1));
}

function isCamel(key: string, name: string): bool {
  if (key.length != name.length) return false;
  for (let index = 1; index < key.length; index++) {
    if (key.charCodeAt(index) != name.charCodeAt(index)) return false;
  }
  return true;
}

function isSnake(key: string, name: string): bool {
  let at = 1;
  for (let index = 1; index < name.length; index++) {
    const unit = name.charCodeAt(index);
    if (isUpper(unit) && (at >= key.length || key.charCodeAt(at++) != 95)) return false;
    if (at >= key.length || key.charCodeAt(at++) != lower(unit)) return false;
  }
  return at == key.length;
}

function isUpper(unit: i32): bool {
  return unit >= 65 && unit <= 90;
}

function lower(unit: i32): i32 {
  return isUpper(unit) ? unit | 32 : unit;
}
