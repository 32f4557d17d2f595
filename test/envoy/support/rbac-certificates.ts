// Client certificates with any names, made by openssl into a folder. One authority signs the server's as well.

import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Peer } from '../../rbac/facts.ts';

/** Paths of PEM files. */
export interface Files {
  readonly key: string;
  readonly chain: string;
}

/** An authority and what it signs. */
export class Authority {
  readonly files: Files;
  readonly #folder: string;
  #count = 0;

  constructor(folder: string) {
    this.#folder = folder;
    this.files = this.#paths('authority');
    const subject = ['-subj', '/O=mesh/CN=authority', '-days', '2'];
    openssl('req', '-x509', ...newKey(this.files.key), '-out', this.files.chain, ...subject);
  }

  /** A certificate with these names; its subject is `CN=<name>,O=mesh` for Envoy. */
  sign(name: string, { uri, dns }: Peer): Files {
    const made = this.#paths(`${name}-${this.#count++}`);
    const request = `${made.key}.csr`;
    const extensions = `${made.key}.ext`;
    const names = [uri && `URI:${uri}`, dns && `DNS:${dns}`].filter(Boolean).join(',');
    writeFileSync(extensions, names === '' ? '' : `subjectAltName=${names}\n`);
    openssl('req', ...newKey(made.key), '-out', request, '-subj', `/O=mesh/CN=${name}`);
    const signer = ['-CA', this.files.chain, '-CAkey', this.files.key, '-CAcreateserial'];
    const output = ['-days', '2', '-extfile', extensions, '-out', made.chain];
    openssl('x509', '-req', '-in', request, ...signer, ...output);
    return made;
  }

  #paths(name: string): Files {
    return { key: join(this.#folder, `${name}.key`), chain: join(this.#folder, `${name}.pem`) };
  }
}

/** What a client shows. */
export function pemOf({ key, chain }: Files): { key: Buffer; cert: Buffer } {
  return { key: readFileSync(key), cert: readFileSync(chain) };
}

function newKey(path: string): string[] {
  return ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', path];
}

function openssl(...args: string[]): void {
  execFileSync('openssl', args, { stdio: ['ignore', 'ignore', 'pipe'] });
}
