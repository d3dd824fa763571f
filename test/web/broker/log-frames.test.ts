// The engine's log stream becomes records, however it is cut into chunks; what a log driver adds to a line does not pass.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BadAnswer } from '../../../web/broker/json-stream.ts';
import { type LogForm, type LogRecord, LogSplitter } from '../../../web/broker/log-frames.ts';

const at = '2026-11-21T13:00:00.000000001Z';
const details =
  'PASSWORD=hunter2,com.docker.swarm.node.id=n1,com.docker.swarm.service.id=s1,com.docker.swarm.task.id=t1';

function frame(stream: number, text: string | Uint8Array): Buffer {
  const payload = Buffer.from(text);
  const header = Buffer.alloc(8);
  header[0] = stream;
  header.writeUInt32BE(payload.length, 4);
  return Buffer.concat([header, payload]);
}

function read(form: LogForm, chunks: readonly Uint8Array[], detailed = false): LogRecord[] {
  const splitter = new LogSplitter(form, detailed);
  return [...chunks.flatMap((chunk) => splitter.push(chunk)), ...splitter.end()];
}

const line = (text: string, more: Partial<LogRecord> = {}): LogRecord => ({
  ...{ stream: 'stdout', time: at, text, ends: true, cut: false },
  ...more,
});

describe('frames', () => {
  test.each<{ given: string; bytes: Buffer; detailed?: boolean; records: LogRecord[] }>([
    { given: 'a line', bytes: frame(1, `${at} hello\n`), records: [line('hello')] },
    { given: 'standard error', bytes: frame(2, `${at} oh\n`), records: [line('oh', { stream: 'stderr' })] },
    { given: 'an empty line', bytes: frame(1, `${at} \n`), records: [line('')] },
    { given: 'an empty frame', bytes: frame(1, ''), records: [line('', { time: '', ends: false })] },
    { given: 'a part of a line', bytes: frame(1, `${at} hel`), records: [line('hel', { ends: false })] },
    { given: 'no time', bytes: frame(1, 'hello\n'), records: [line('hello', { time: '' })] },
    {
      given: 'the engine’s own complaint',
      bytes: frame(3, 'Error grabbing logs: x\n'),
      detailed: true,
      records: [line('Error grabbing logs: x', { stream: 'system', time: '' })],
    },
    {
      given: 'a service’s line: whose it is stays, a value of the environment goes',
      bytes: frame(1, `${at} ${details} a b\n`),
      detailed: true,
      records: [line('a b', { task: 't1', node: 'n1' })],
    },
    { given: 'nothing but details', bytes: frame(1, `${at} A=b\n`), detailed: true, records: [line('')] },
    { given: 'bytes that are no text', bytes: frame(1, Buffer.from([0xff, 0x0a])), records: [line('�', { time: '' })] },
    {
      given: 'a line of a megabyte',
      bytes: frame(1, `${'x'.repeat(1_000_000)}\n`),
      records: [line('x'.repeat(65_536 + 4_096), { time: '', cut: true })],
    },
  ])('$given', ({ bytes, detailed, records }) => expect(read('multiplexed', [bytes], detailed)).toEqual(records));

  test('cut anywhere they say the same', () => {
    const texts = fc.array(
      fc.string({ maxLength: 40 }).map((text) => text.replaceAll('\n', ' ')),
      { maxLength: 8 },
    );
    fc.assert(
      fc.property(texts, fc.infiniteStream(fc.integer({ min: 1, max: 30 })), (lines, sizes) => {
        const whole = Buffer.concat(lines.map((text) => frame(1, `${at} ${text}\n`)));
        const chunks: Uint8Array[] = [];
        for (let from = 0; from < whole.length; ) {
          const next = from + sizes.next().value!;
          chunks.push(whole.subarray(from, next));
          from = next;
        }
        expect(read('multiplexed', chunks)).toEqual(read('multiplexed', [whole]));
        expect(read('multiplexed', chunks).map(({ text }) => text)).toEqual(
          lines.map((text) => Buffer.from(text).toString()),
        );
      }),
    );
  });

  test.each([
    { given: 'something that is no frame', bytes: Buffer.from('{"a":1} is no frame') },
    { given: 'an end in the middle', bytes: frame(1, 'hello').subarray(0, 10) },
    { given: 'an end in the header', bytes: frame(1, 'hello').subarray(0, 5) },
  ])('$given is no log', ({ bytes }) => expect(() => read('multiplexed', [bytes])).toThrow(BadAnswer));
});

test('a terminal’s output comes line by line, the last one also without its end', () => {
  expect(read('raw', [Buffer.from(`${at} a\n${at} `), Buffer.from('b\nc')])).toEqual([
    line('a'),
    line('b'),
    line('c', { time: '', ends: false }),
  ]);
  const long = read('raw', [Buffer.from('y'.repeat(500_000)), Buffer.from('z\nnext\n')]);
  expect(long.map(({ text, cut, ends }) => [text.length, cut, ends])).toEqual([
    [69_632, true, true],
    [4, false, true],
  ]);
});
