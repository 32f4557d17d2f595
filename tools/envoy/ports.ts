// Free ports on the loopback address, for the one case where Envoy cannot choose its own (published
// container ports). They are held together until all are known, so that no two are equal; somebody
// else may still take one afterwards.

import { createServer, type AddressInfo, type Server } from 'node:net';

/** Ports nobody listens on at this moment. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(Array.from({ length: count }, listen));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(
    servers.map((server) => new Promise<void>((done) => server.close(() => done()))),
  );
  return ports;
}

function listen(): Promise<Server> {
  return new Promise((done, failed) => {
    const server = createServer();
    server.once('error', failed);
    server.listen(0, '127.0.0.1', () => done(server));
  });
}
