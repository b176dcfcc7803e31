// Sends one request over and over on a few kept-alive connections, to two servers in turn, from a process of its own, and
// prints the requests per second of each turn. Turns are short: what else the machine does then falls on both alike.
// Plain sockets: a client library would cost more than what is measured.
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

const [firstPort, secondPort, path, token, connections, turns, turnMs] = process.argv.slice(2);
const END_OF_HEADERS = Buffer.from('\r\n\r\n');

function server(port) {
  const request = Buffer.from(
    `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nAuthorization: Bearer ${token}\r\nAccept: application/json\r\n\r\n`,
  );
  let answered = 0;
  let inTurn = false;
  const sockets = Array.from({ length: Number(connections) }, () => {
    const socket = connect(Number(port), '127.0.0.1');
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
      answered += 1;
      if (inTurn) socket.write(request);
    });
    return socket;
  });
  return async (durationMs) => {
    inTurn = true;
    answered = 0;
    for (const socket of sockets) socket.write(request);
    const began = performance.now();
    await sleep(durationMs);
    const rate = (answered / (performance.now() - began)) * 1000;
    inTurn = false;
    // The answers under way belong to no turn.
    await sleep(20);
    return rate;
  };
}

// Never asleep: to wake a process on another core costs the server that answers it more than the answer.
const spin = () => setImmediate(spin);
spin();

const first = server(firstPort);
const second = server(secondPort);
// Both are compiled before anything counts.
for (const each of [first, second, first, second]) await each(1000);
const rates = [];
for (let turn = 0; turn < Number(turns); turn++)
  rates.push([await first(Number(turnMs)), await second(Number(turnMs))]);
process.stdout.write(JSON.stringify(rates));
process.exit(0);
