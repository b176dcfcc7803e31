// Sends one request over and over on a few kept-alive connections from a process of its own, and prints requests per second.
// Plain sockets: a client library would cost more than what is measured.
import { connect } from 'node:net';

const [port, path, token, connections, seconds] = process.argv.slice(2);
const request = Buffer.from(
  `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nAuthorization: Bearer ${token}\r\nAccept: application/json\r\n\r\n`,
);
const END_OF_HEADERS = Buffer.from('\r\n\r\n');
let answered = 0;
let counting = false;

for (let i = 0; i < Number(connections); i++) {
  const socket = connect(Number(port), '127.0.0.1', () => socket.write(request));
  let length = -1;
  let received = 0;
  socket.on('data', (chunk) => {
    if (length < 0) {
      const headers = chunk.subarray(0, chunk.indexOf(END_OF_HEADERS) + 4);
      const text = headers.toString('latin1');
      if (!text.startsWith('HTTP/1.1 200')) throw new Error(`unexpected answer: ${text.slice(0, 200)}`);
      length = headers.length + Number(/content-length: (\d+)/i.exec(text)?.[1]);
    }
    received += chunk.length;
    if (received < length) return;
    length = -1;
    received = 0;
    if (counting) answered += 1;
    socket.write(request);
  });
}

setTimeout(() => {
  counting = true;
  const began = performance.now();
  setTimeout(() => {
    process.stdout.write(`${(answered / (performance.now() - began)) * 1000}\n`);
    process.exit(0);
  }, Number(seconds) * 1000);
}, 1000);
