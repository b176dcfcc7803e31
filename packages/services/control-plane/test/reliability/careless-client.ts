import { connect } from 'node:net';

/** What becomes of a connection that a request is sent on. */
export const FATES = [
  /** The answer is read. */
  'answered',
  /** Cut when one half of the request was sent. */
  'half-sent',
  /** Cut as soon as the request has left. */
  'sent',
  /** Cut a moment later, while it is worked on or answered. */
  'worked-on',
  /** Cut at the first byte of the answer. */
  'reply-lost',
] as const;
export type Fate = (typeof FATES)[number];

export interface Post {
  url: string;
  token: string;
  path: string;
  headers: Record<string, string>;
  body: object;
}

export interface Reply {
  status: number;
  headers: string;
  // biome-ignore lint/suspicious/noExplicitAny: what the service says is what is tested.
  body: any;
}

/** Sends a request on a connection of its own, which may end early. Null unless the answer was read to its end. */
export function post({ url, token, path, headers, body }: Post, fate: Fate, momentMs: number): Promise<Reply | null> {
  const { hostname, port } = new URL(url);
  const text = JSON.stringify(body);
  const head = [
    `POST ${path} HTTP/1.1`,
    `Host: ${hostname}:${port}`,
    `Authorization: Bearer ${token}`,
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(text)}`,
    'Connection: close',
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
  ];
  const request = Buffer.from(`${head.join('\r\n')}\r\n\r\n${text}`);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname);
    const received: Buffer[] = [];
    const cut = () => socket.destroy();
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(readReply(Buffer.concat(received).toString('utf8'))));
    socket.on('data', (bytes) => {
      if (fate === 'reply-lost') cut();
      else received.push(bytes);
    });
    if (fate === 'half-sent') socket.write(request.subarray(0, request.length >> 1), cut);
    else socket.write(request, () => fate === 'sent' && cut());
    if (fate === 'worked-on') socket.once('connect', () => setTimeout(cut, momentMs));
  });
}

function readReply(text: string): Reply | null {
  const end = text.indexOf('\r\n\r\n');
  const status = /^HTTP\/1\.1 (\d{3})/.exec(text)?.[1];
  if (status === undefined || end < 0) return null;
  const body = text.slice(end + 4);
  const length = Number(/content-length: (\d+)/i.exec(text.slice(0, end))?.[1]);
  if (Buffer.byteLength(body) !== length) return null;
  return { status: Number(status), headers: text.slice(0, end), body: JSON.parse(body) };
}
