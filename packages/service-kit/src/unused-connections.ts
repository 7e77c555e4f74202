import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/**
 * Watches the connections of a server; what it answers closes those on which nothing was ever
 * asked. Browsers and HTTP clients open such connections ahead. Node counts them as busy until its
 * time for headers is over, so a close that only drops idle ones would wait a minute for each.
 */
export function watchUnusedConnections(server: Server): () => void {
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  return () => {
    for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy();
  };
}
