// A signed token (RS256) and the key set that verifies it.

import { generateKeyPairSync, sign } from 'node:crypto';

const KEY_ID = 'test';
const keys = generateKeyPairSync('rsa', { modulusLength: 2048 });

/** The key set as JSON text, for a provider of Envoy's JWT filter. */
export const KEY_SET = JSON.stringify({
  keys: [{ ...keys.publicKey.export({ format: 'jwk' }), kid: KEY_ID, use: 'sig', alg: 'RS256' }],
});

/** The token with these claims, signed. */
export function signedToken(claims: object): string {
  const head = encoded({ alg: 'RS256', typ: 'JWT', kid: KEY_ID });
  const text = `${head}.${encoded(claims)}`;
  return `${text}.${sign('sha256', Buffer.from(text), keys.privateKey).toString('base64url')}`;
}

function encoded(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
