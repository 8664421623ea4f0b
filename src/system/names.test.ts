/** Looks a name up at a name server of our own, which answers as a test says: so this host's own way is not what is used. */
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { askNameServers } from './names.ts';

const HEADER_BYTES = 12;
const [A, AAAA] = [1, 28];
/** What the server says to a question: the bytes of an address, or the code of its refusal. */
type Says = { readonly address?: readonly number[]; readonly refusal?: number };

let server: Socket;
let says: (type: number) => Says;
beforeEach(async () => {
  server = createSocket('udp4');
  server.on('message', (question, { port, address }) => {
    server.send(answerTo(question), port, address);
  });
  server.bind(0, '127.0.0.1');
  await once(server, 'listening');
});
afterEach(() => server.close());

/** By RFC 1035, 4.1: the question again, and what is said to it. */
function answerTo(question: Buffer): Buffer {
  const end = question.indexOf(0, HEADER_BYTES) + 5;
  const type = question.readUInt16BE(end - 4);
  const { address, refusal = 0 } = says(type);
  const head = Buffer.from(question.subarray(0, end));
  head.writeUInt16BE(0x8180 + refusal, 2);
  head.writeUInt16BE(address === undefined ? 0 : 1, 6);
  head.writeUInt32BE(0, 8);
  if (address === undefined) return head;
  const record = [0xc0, HEADER_BYTES, 0, type, 0, 1, 0, 0, 0, 60, 0, address.length, ...address];
  return Buffer.concat([head, Buffer.from(record)]);
}

const ask = () => askNameServers('pms.example', [`127.0.0.1:${server.address().port}`]);

test('addresses of both kinds, those of IPv4 first', async () => {
  says = (type) => ({
    address: type === A ? [192, 0, 2, 7] : [0x20, 1, ...Array<number>(13).fill(0), 7],
  });
  expect(await ask()).toEqual([
    { address: '192.0.2.7', family: 4 },
    { address: '2001::7', family: 6 },
  ]);
});

test('those of one kind, where there are none of the other', async () => {
  says = (type) => (type === AAAA ? { refusal: 2 } : { address: [192, 0, 2, 7] });
  expect(await ask()).toEqual([{ address: '192.0.2.7', family: 4 }]);
});

test.each([
  ['that there is no such name', 3, 'the name pms.example has no address (ENOTFOUND)'],
  ['that there is none of it', 0, 'the name pms.example has no address (ENODATA)'],
  ['that it fails', 2, 'the name pms.example could not be looked up (ESERVFAIL)'],
])('a server that says %s', async (_what, refusal, words) => {
  says = () => ({ refusal });
  await expect(ask()).rejects.toThrow(words);
});
