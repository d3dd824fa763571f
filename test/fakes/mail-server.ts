// A mail server on loopback that takes every message, or refuses every recipient, and remembers what it took.
import { createServer, type Socket } from 'node:net';

interface Mail {
  from: string;
  to: string[];
  text: string;
}

export interface MailServer {
  port: number;
  mails: Mail[];
  /** Refuses recipients while it is set. */
  refuses: boolean;
  close(): Promise<void>;
}

export async function openMailServer(): Promise<MailServer> {
  const sockets = new Set<Socket>();
  const it: MailServer = { port: 0, mails: [], refuses: false, close: async () => {} };
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => {});
    converse(socket, it);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  it.port = (server.address() as { port: number }).port;
  it.close = async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  };
  return it;
}

/** As much of RFC 5321 as a client needs that neither signs in nor encrypts. */
function converse(socket: Socket, it: MailServer): void {
  let mail: Mail = { from: '', to: [], text: '' };
  let buffer = '';
  let inData = false;
  const say = (line: string) => socket.write(`${line}\r\n`);
  const answer = (line: string): void => {
    const address = /<([^>]*)>/.exec(line)?.[1] ?? '';
    if (/^(EHLO|HELO)/i.test(line)) say('250 mail.test');
    else if (/^MAIL FROM/i.test(line)) {
      mail = { from: address, to: [], text: '' };
      say('250 ok');
    } else if (/^RCPT TO/i.test(line)) {
      if (it.refuses) return void say('550 nobody here');
      mail.to.push(address);
      say('250 ok');
    } else if (/^DATA/i.test(line)) {
      inData = true;
      say('354 go on');
    } else if (/^QUIT/i.test(line)) {
      say('221 bye');
      socket.end();
    } else say('250 ok');
  };
  say('220 mail.test');
  socket.on('data', (chunk) => {
    buffer += chunk.toString('utf8');
    for (let end = buffer.indexOf('\r\n'); end >= 0; end = buffer.indexOf('\r\n')) {
      const line = buffer.slice(0, end);
      buffer = buffer.slice(end + 2);
      if (!inData) answer(line);
      else if (line === '.') {
        inData = false;
        it.mails.push(mail);
        say('250 taken');
      } else mail.text += `${line}\n`;
    }
  });
}
