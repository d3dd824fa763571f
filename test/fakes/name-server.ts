// A name server on loopback that answers as Docker's does inside a network: the address of every task under one name.
import { createSocket } from 'node:dgram';

export interface NameServer {
  port: number;
  /** Addresses by name, read at each question; a name without any is told not to exist. */
  names: Map<string, readonly string[]>;
  close(): void;
}

export function startNameServer(): Promise<NameServer> {
  const names = new Map<string, readonly string[]>();
  const socket = createSocket('udp4');
  socket.on('message', (question, from) => {
    const answer = answerTo(question, names);
    socket.send(answer, from.port, from.address, () => undefined);
  });
  return new Promise((resolve) => {
    socket.bind(0, '127.0.0.1', () =>
      resolve({ port: socket.address().port, names, close: () => void socket.close() }),
    );
  });
}

/** RFC 1035: the header with its counts, the question again, and an A record for each address. */
function answerTo(question: Buffer, names: ReadonlyMap<string, readonly string[]>): Buffer {
  const labels: string[] = [];
  let at = 12;
  while (question[at]! > 0) {
    labels.push(question.toString('latin1', at + 1, at + 1 + question[at]!));
    at += question[at]! + 1;
  }
  const asked = question.subarray(12, at + 5);
  const isA = question.readUInt16BE(at + 1) === 1;
  const addresses = names.get(labels.join('.').toLowerCase()) ?? [];
  const records = (isA ? addresses : []).map((address) =>
    Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 1, 0, 4, ...address.split('.').map(Number)]),
  );
  const head = Buffer.alloc(12);
  question.copy(head, 0, 0, 2);
  head.writeUInt16BE(addresses.length === 0 ? 0x8183 : 0x8180, 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt16BE(records.length, 6);
  return Buffer.concat([head, asked, ...records]);
}
