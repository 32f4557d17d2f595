// Certificates for mutual TLS, made by openssl into a folder: an authority, a server and a client, each with the SPIFFE
// identity of a mesh.

import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Paths of PEM files. */
export interface Certificate {
  readonly key: string;
  readonly chain: string;
}

export interface Certificates {
  readonly authority: string;
  readonly server: Certificate;
  readonly client: Certificate;
}

export const SERVER_IDENTITY = 'cluster.local/ns/shop/sa/cart';
export const CLIENT_IDENTITY = 'cluster.local/ns/front/sa/web';
export const SERVER_NAME = 'cart.shop.example';

/** Makes the three. */
export function makeCertificates(folder: string): Certificates {
  const authority = selfSigned(folder);
  return {
    authority: authority.chain,
    server: signed(folder, authority, 'server', SERVER_IDENTITY),
    client: signed(folder, authority, 'client', CLIENT_IDENTITY),
  };
}

function selfSigned(folder: string): Certificate {
  const made = paths(folder, 'authority');
  const subject = ['-subj', '/O=mesh/CN=authority', '-days', '2'];
  openssl('req', '-x509', ...newKey(made.key), '-out', made.chain, ...subject);
  return made;
}

function signed(
  folder: string,
  authority: Certificate,
  name: string,
  identity: string,
): Certificate {
  const made = paths(folder, name);
  const request = join(folder, `${name}.csr`);
  const extensions = join(folder, `${name}.ext`);
  writeFileSync(extensions, `subjectAltName=URI:spiffe://${identity},DNS:${name}.example\n`);
  openssl('req', ...newKey(made.key), '-out', request, '-subj', `/O=mesh/CN=${name}`);
  const signers = ['-CA', authority.chain, '-CAkey', authority.key, '-CAcreateserial'];
  openssl(
    'x509',
    '-req',
    '-in',
    request,
    ...signers,
    '-days',
    '2',
    '-extfile',
    extensions,
    '-out',
    made.chain,
  );
  return made;
}

function newKey(path: string): string[] {
  return ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', path];
}

function paths(folder: string, name: string): Certificate {
  return { key: join(folder, `${name}.key`), chain: join(folder, `${name}.pem`) };
}

function openssl(...args: string[]): void {
  execFileSync('openssl', args, { stdio: ['ignore', 'ignore', 'pipe'] });
}
