// Loaded before a server: notes when it waits for its database, from the first byte asked until the next one comes, and
// leaves the times behind in the file WAITS at its end.
import { writeFileSync } from 'node:fs';
import { Socket } from 'node:net';

const port = Number(new URL(process.env.DATABASE_URL).port);
const { connect, write } = Socket.prototype;
const waiting = new Map();
const waits = [];
const now = () => performance.timeOrigin + performance.now();

const begin = (socket) => waiting.has(socket) || waiting.set(socket, now());
const end = (socket) => {
  if (waiting.has(socket)) waits.push([waiting.get(socket), now()]);
  waiting.delete(socket);
};

Socket.prototype.connect = function (...args) {
  if (Number(args[0]) === port) {
    begin(this);
    this.toDatabase = true;
    this.prependListener('data', () => end(this));
  }
  return connect.apply(this, args);
};
Socket.prototype.write = function (...args) {
  if (this.toDatabase) begin(this);
  return write.apply(this, args);
};
process.on('exit', () => writeFileSync(process.env.WAITS, JSON.stringify(waits)));
