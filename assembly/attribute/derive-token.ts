// The attributes of an authenticated request: what Istio's authentication filter says, else the
// payload that Envoy's JWT filter has verified and left in its metadata. A payload is the one under
// `payload`, else the first that names an issuer. Hot: allocates only in the arena.

import { Derivation } from "../shared/attributes";
import { ValueType } from "../shared/types";
import { takeArena } from "../memory/arena";
import { equal } from "../memory/bytes";
import { literal } from "../memory/literal";
import { ABSENT, FAILED, Slice, isPresent, sizeOf, slice, startOf } from "../memory/slice";
import { PairsCursor } from "../abi/pairs";
import { Bag } from "./bag";
import { writeClaims } from "./claims-json";
import { decodeMetadata } from "./decode-metadata";
import { hiddenBytes, memberOf, memberText } from "./derive-metadata";
import { ENTRY_ARG, ENTRY_SECOND } from "./entry";
import { CellState, EvaluationError, setError, setState, setText } from "./value";

const PAYLOAD = literal("payload");
const ISSUER = literal("iss");
const SUBJECT = literal("sub");
const AUDIENCE = literal("aud");
const PARTY = literal("azp");
const ISTIO_PRINCIPAL = literal("request.auth.principal");
const ISTIO_AUDIENCES = literal("request.auth.audiences");
const ISTIO_PRESENTER = literal("request.auth.presenter");
const ISTIO_CLAIMS = literal("request.auth.claims");
const ISTIO_RAW_CLAIMS = literal("request.auth.raw_claims");
const SLASH: u8 = 47;

const cursor = new PairsCursor();

/** Fills the cell of one of the `request.auth` attributes. */
export function deriveFromToken(bag: Bag, entry: usize, cell: usize, index: u32): void {
  const derivation = <u32>load<u8>(entry, 3);
  const istio = hiddenBytes(bag, load<u32>(entry, ENTRY_ARG));
  const given = isPresent(istio) ? memberOf(istio, istioName(derivation)) : istio;
  if (isPresent(given)) {
    decodeMetadata(cell, <ValueType>load<u8>(entry, 1), given, index);
    return;
  }
  const filter = hiddenBytes(bag, load<u32>(entry, ENTRY_SECOND));
  const payload = isPresent(filter) ? payloadOf(filter) : filter;
  if (given == FAILED || payload == FAILED) setError(cell, EvaluationError.HostFailed, 0);
  else if (!isPresent(payload)) setState(cell, CellState.Absent);
  else deriveFromPayload(cell, entry, payload, index);
}

function istioName(derivation: u32): Slice {
  switch (derivation) {
    case Derivation.AuthPrincipal:
      return ISTIO_PRINCIPAL;
    case Derivation.AuthAudiences:
      return ISTIO_AUDIENCES;
    case Derivation.AuthPresenter:
      return ISTIO_PRESENTER;
    case Derivation.AuthClaims:
      return ISTIO_CLAIMS;
    default:
      return ISTIO_RAW_CLAIMS;
  }
}

function payloadOf(filter: Slice): Slice {
  let found: Slice = ABSENT;
  cursor.open(filter);
  while (cursor.next()) {
    if (equal(cursor.key, PAYLOAD)) return cursor.value;
    if (!isPresent(found) && isPresent(memberText(cursor.value, ISSUER))) found = cursor.value;
  }
  return found;
}

function deriveFromPayload(cell: usize, entry: usize, payload: Slice, index: u32): void {
  switch (<u32>load<u8>(entry, 3)) {
    case Derivation.AuthPrincipal:
      setFound(cell, principalOf(payload));
      return;
    case Derivation.AuthAudiences:
      setMember(cell, memberOf(payload, AUDIENCE), index);
      return;
    case Derivation.AuthPresenter:
      setMember(cell, memberOf(payload, PARTY), index);
      return;
    case Derivation.AuthClaims:
      decodeMetadata(cell, <ValueType>load<u8>(entry, 1), payload, index);
      return;
    default:
      setFound(cell, writeClaims(payload));
  }
}

function setMember(cell: usize, value: Slice, index: u32): void {
  if (isPresent(value)) decodeMetadata(cell, ValueType.String, value, index);
  else setState(cell, CellState.Absent);
}

function setFound(cell: usize, text: Slice): void {
  if (isPresent(text)) setText(cell, ValueType.String, text);
  else if (text == FAILED) setError(cell, EvaluationError.OutOfMemory, 0);
  else setState(cell, CellState.Absent);
}

// `issuer/subject`, as in Mixer: absent unless the token has both.
function principalOf(payload: Slice): Slice {
  const issuer = memberText(payload, ISSUER);
  const subject = memberText(payload, SUBJECT);
  if (!isPresent(issuer) || !isPresent(subject)) return ABSENT;
  const size = sizeOf(issuer) + 1 + sizeOf(subject);
  const at = takeArena(size);
  if (at == 0) return FAILED;
  memory.copy(at, startOf(issuer), sizeOf(issuer));
  store<u8>(at + sizeOf(issuer), SLASH);
  memory.copy(at + sizeOf(issuer) + 1, startOf(subject), sizeOf(subject));
  return slice(at, size);
}
